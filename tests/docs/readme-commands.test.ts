import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CONFIG, FILES, FakeHost } from '../cli/fake-host.js'
import { hasTerminals } from '../cli/on-terminal.js'
import { AS_TESTED, bin, scratch, top, workspace } from '../cli/semantos.js'

const readme = readFileSync(join(top, 'README.md'), 'utf8')

/** Every command of README.md, in a sentence or in a line of its own. */
const shown = new Set([...readme.matchAll(/`((?:semantos|bash|npm|node) [^`\n]+)`|^(?:\$ )?((?:bash|npm|node) .+)$/gm)].map(([, within, alone]) => within ?? alone ?? ''))

/** Run elsewhere: where, and what stands there. */
const ELSEWHERE: Readonly<Record<string, readonly [string, RegExp]>> = {
  'bash experiments/run_reproduction.sh': ['tests/docs/readme.test.ts', /the screen it shows is what the command prints/],
  'bash experiments/run_sysctl_dryrun.sh': ['tests/docs/readme.test.ts', /experiments\/run_sysctl_dryrun\.sh/],
  // npm test builds and then runs vitest.
  'npm ci && npm test': ['.ci/run', /npm ci [\s\S]*npm run --silent build[\s\S]*npx vitest run/],
  'semantos init --preset host': ['tests/cli/host.test.ts', /'init', '--preset', 'host'/],
  'npm create semantos-plugin': ['tests/consumer/create.test.ts', /npm create semantos-plugin/],
}

/** Run here, in this order: what each says. */
const ON_A_HOST: Readonly<Record<string, RegExp>> = {
  'semantos doctor': /^kernel +6\.18\.0-test[\s\S]*\nfit: nothing stands in the way\n$/,
  'semantos explain vm.swappiness': /^vm\.swappiness: [\s\S]* here +vm\.swappiness: 60\n/,
  'semantos plan --out plan.json': /vm\.swappiness +60 +-> +10 /,
  'semantos apply plan.json --confirm-within 10m': /apply 2 changes \(plan [0-9a-f]{12}\)\? \[y\/N\] [\s\S]*vm\.swappiness/,
  'semantos status': /: unconfirmed since .*, guarded, until .* unless confirmed\n[\s\S]*vm\.swappiness +60 -> 10 +now 10 +ours\n/,
  'semantos rollback': /^vm\.swappiness +restored/m,
  'semantos tune --workload mine.yaml --apply --keep': /kept: vm\.swappiness = 10, /,
  'semantos history': /  applied .*  tune --workload mine\.yaml --apply --keep[\s\S]*  rolled back .*  2 writes  apply plan\.json --confirm-within 10m/,
}
const IN_A_CHECKOUT = 'node packages/cli/dist/semantos.js'

test('every command of README.md is run by a test', () => {
  expect([...shown].sort()).toEqual([...Object.keys(ELSEWHERE), ...Object.keys(ON_A_HOST), IN_A_CHECKOUT].sort())
  for (const [file, words] of Object.values(ELSEWHERE)) expect(readFileSync(join(top, file), 'utf8'), file).toMatch(words)
})

test('in a checkout, with the config for a real host', () => {
  const [, config = ''] = /for a real host add `(--config \S+)`/.exec(readme) ?? []
  const host = new FakeHost()
  const words = `${IN_A_CHECKOUT} plan ${config}`.split(' ')
  expect(execFileSync(words[0] ?? '', [...words.slice(1), ...host.here], { cwd: top, encoding: 'utf8' })).toMatch(/^nothing to change: /)
})

describe.skipIf(!hasTerminals)('on a host, one after the other and as they are written (skipped where /usr/bin/script is not installed)', () => {
  const host = new FakeHost()
  const folder = workspace('readme')
  const programs = scratch('bin')

  /**
   * A service that answers twice as fast while the knob is at 10. It says how long it took, or a busy machine would be its throughput;
   * and its noise is the same in each test run, or a knob that does nothing would be found to help in one of many.
   */
  const trial = `
    cd ${host.root}
    echo >> trials
    [ "$(cat proc/sys/vm/swappiness)" = 10 ] && base=50 || base=100
    awk -v base=$base -v trial="$(wc -l < trials)" 'BEGIN { noise = (trial * 40503) % 65536; for (i = 0; i < 50; i++) print base * (1 + noise / 2000000) + i / 100 }'
    echo '{"duration_s":1}'`
  copyFileSync(CONFIG, join(folder, 'known.mjs'))
  // A fixed clock, so that a tune does not wait for a service to settle.
  writeFileSync(join(folder, 'semantos.config.mjs'), "import known from './known.mjs'\nexport default { ...known, clock: '2026-01-01T00:00:00Z' }\n")
  writeFileSync(join(folder, 'mine.yaml'), JSON.stringify({ use: '@semantos/workload-command', options: { run: trial, ...AS_TESTED, parser: { name: 'jsonl' } } }))
  writeFileSync(join(programs, 'semantos'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@" ${host.here.join(' ')}\n`, { mode: 0o755 })

  test.each(Object.entries(ON_A_HOST))('%s', (command, says) => {
    const env = { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}` }
    // Somebody has to agree to an apply.
    const asks = command.startsWith('semantos apply')
    const ended = asks
      ? spawnSync('script', ['--quiet', '--return', '--command', command, '/dev/null'], { cwd: folder, env, input: 'y\n', encoding: 'utf8' })
      : spawnSync('sh', ['-c', command], { cwd: folder, env, encoding: 'utf8' })
    expect(ended.stdout).toMatch(says)
    const next = command.startsWith('semantos plan') ? `wrote plan.json; next: sudo semantos apply plan.json --confirm-within 10m ${host.here.join(' ')}\n` : ''
    expect({ status: ended.status, stderr: ended.stderr }).toEqual({ status: 0, stderr: next })
  })

  test('and all of it can be taken back', async () => {
    expect(await host.semantos('rollback')).toMatchObject({ status: 0 })
    for (const path of ['proc/sys/vm/swappiness', 'proc/sys/net/core/somaxconn'] as const) expect(host.read(path)).toBe(FILES[path])
  })
})
