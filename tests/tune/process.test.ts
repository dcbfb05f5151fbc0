import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TuneReport } from '@semantos/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { hasTerminals, lineOf, onTerminal } from '../cli/on-terminal.js'
import { AS_TESTED, bin, scratch, semantos, workspace } from '../cli/semantos.js'

const KNOB = 'proc/sys/vm/swappiness'
const FILES: Readonly<Record<string, string>> = {
  [KNOB]: '60\n',
  'proc/sys/net/core/somaxconn': '4096\n',
  'proc/sys/kernel/osrelease': '6.18.0-test\n',
  'proc/sys/kernel/hostname': 'testhost\n',
  'proc/sys/kernel/random/boot_id': '11111111-2222-3333-4444-555555555555\n',
}

/**
 * A service whose requests take 100 ms, give or take 2, and half of that while `helped` holds: the knob is at 10. What it gives or takes is the same in
 * each test run, or a knob that does nothing would be found to help in one of many. A trial on the knob waits, from that trial on whose number stands in a
 * file `hold`, for as long as there is one.
 */
const service = (root: string, helped = `[ "$(cat ${KNOB})" = 10 ]`) => `
  cd ${root}
  echo >> trials
  ${helped} && base=50 || base=100
  while [ $base = 50 ] && [ -e hold ] && [ $(wc -l < trials) -ge $(cat hold) ]; do sleep 0.02; done
  awk -v base=$base -v trial="$(wc -l < trials)" 'BEGIN { noise = (trial * 40503) % 65536; for (i = 0; i < 50; i++) print base * (1 + (noise / 65535 - 0.5) / 25) + i / 100; print "{\\"duration_s\\":1}" }'`

let root = ''
let state = ''
let folder = ''

/** A folder that stands for `/`, one for the journals, and one with the config, where reports go. */
beforeEach(() => {
  root = scratch('root')
  state = join(scratch('state'), 'journal')
  folder = workspace('tune')
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  configure()
})

function configure(more = ''): void {
  writeFileSync(join(folder, 'semantos.config.mjs'), `
import { definePlugin, z } from '@semantos/core'
import { host } from '@semantos/preset-host'
import fixed from '@semantos/reasoning-fixed'
import command from '@semantos/workload-command'
const plugin = (name, stage, setup) => definePlugin({ name, stage, api: 1, options: z.strictObject({}), setup })()
const quiet = plugin('quiet', 'telemetry', ({ hooks }) => hooks.collect.tapPromise('nothing', () => undefined))
export default {
  ...host(),
  telemetry: quiet,
  reasoning: fixed({ rationale: 'pages are swapped in while requests wait', values: { 'vm.swappiness': 10, 'net.core.somaxconn': 8192 } }),
  workload: command({ run: ${JSON.stringify(service(root))}, ...${JSON.stringify(AS_TESTED)}, parser: { name: 'jsonl' }, fresh: ['next listen()'] }),
  ${more}
}
`)
}

/** With this command as the workload. */
function measuring(run: string): void {
  configure(`workload: command({ run: ${JSON.stringify(run)}, ...${JSON.stringify(AS_TESTED)}, parser: { name: 'jsonl' }, fresh: ['next listen()'] }),`)
}

const words = (...more: string[]) => ['tune', '--root', root, '--state-dir', state, '--settle', '10ms', '--budget', '24', ...more]
const started = () => (existsSync(join(root, 'trials')) ? readFileSync(join(root, 'trials'), 'utf8').length : 0)
const swappiness = () => readFileSync(join(root, KNOB), 'utf8')
const tunes = () => join(folder, '.semantos', 'results', 'tune')
const inTune = (name: string) => readFileSync(join(tunes(), readdirSync(tunes())[0] ?? '', name), 'utf8')
const reported = () => TuneReport.parse(JSON.parse(inTune('tune.json')))

describe('semantos tune in a process of its own', { timeout: 600_000 }, () => {
  test('without --apply nothing is written, and it says what it would try and why', async () => {
    const { stdout, stderr, status } = await semantos(folder, ...words())
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^noise: identical trials of p95 differ by/)
    expect(stdout).toMatch(/vm\.swappiness=10 +would be tried with --apply: pages are swapped in while requests wait/)
    expect(stdout).toMatch(/\nmeasured only\nnext: add --apply, as root, to try them\n/)
    expect(swappiness()).toBe(FILES[KNOB])
    expect(new Set(reported().trials.map(({ arm }) => arm))).toEqual(new Set(['baseline']))
    expect(existsSync(state)).toBe(false)
  })

  test('the report holds what is needed to measure the same again', async () => {
    writeFileSync(join(folder, 'mine.yaml'), JSON.stringify({ use: '@semantos/workload-command', options: { run: service(root), ...AS_TESTED, parser: { name: 'jsonl' }, env: { SERVICE_TOKEN: 'hush' } } }))
    expect(await semantos(folder, ...words('--workload', 'mine.yaml', '--budget', '4'))).toMatchObject({ status: 0, stderr: '' })
    const { workload, config } = reported()
    expect(workload).toMatchObject({ plugin: '@semantos/workload-command', origin: join(folder, 'mine.yaml'), options: { run: service(root), parser: { name: 'jsonl' }, env: { SERVICE_TOKEN: '[secret]' }, time_limit_s: 60 } })
    expect(workload.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(config).toBe(join(folder, 'semantos.config.mjs'))
    for (const file of ['tune.json', 'report.html', 'report.md', 'trials.jsonl']) expect(inTune(file)).not.toContain('hush')
  })

  test.each([
    ['before the first comparison', 1, false],
    ['in the middle of the comparisons', 9, true],
  ])('SIGINT %s: everything is put back, the report is a partial one, and --resume goes on without running a trial twice', async (_, from, compared) => {
    writeFileSync(join(root, 'hold'), String(from))
    const child = spawn(process.execPath, [bin, ...words('--seed', '1', '--apply')], { cwd: folder })
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    const ended = new Promise((resolve) => child.on('close', resolve))
    await expect.poll(() => started() >= from && swappiness() === '10\n', { timeout: 300_000 }).toBe(true)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    rmSync(join(root, 'hold'))
    expect(swappiness()).toBe(FILES[KNOB])
    const partial = reported()
    expect(partial).toMatchObject({ outcome: 'interrupted', kept: [] })
    expect(partial.trials.some(({ phase }) => phase === 'confirm')).toBe(compared)
    expect(stdout).toContain(`everything was put back; to go on, give the same command with --resume ${partial.run}`)
    expect(inTune('report.html')).toContain('The tune was stopped before its end')
    const before = inTune('trials.jsonl')
    expect(before.trimEnd().split('\n').length).toBe(1 + partial.trials.length)
    expect(partial.trials.length).toBeGreaterThanOrEqual(4)

    const resumed = await semantos(folder, ...words('--seed', '1', '--apply', '--keep', '--resume', partial.run))
    expect(resumed).toMatchObject({ status: 0, stderr: '' })
    const whole = reported()
    expect(whole).toMatchObject({ run: partial.run, outcome: 'kept', kept: [{ knob: 'vm.swappiness', value: 10 }], heal: { values_restored: true } })
    expect(inTune('trials.jsonl').startsWith(before)).toBe(true)
    expect(inTune('trials.jsonl').trimEnd().split('\n').length).toBe(1 + whole.trials.length)
    expect(swappiness()).toBe('10\n')
    const [, undo = ''] = /semantos (rollback --run \S+)/.exec(inTune('report.md')) ?? []
    expect(await semantos(folder, ...undo.split(' '), '--root', root, '--state-dir', state)).toMatchObject({ status: 0 })
    expect(swappiness()).toBe(FILES[KNOB])
  })

  test('--resume under anything else than the tune began with is refused, and what differs is named', async () => {
    expect(await semantos(folder, ...words('--seed', '1'))).toMatchObject({ status: 0, stderr: '' })
    const [before, { run }] = [inTune('trials.jsonl'), reported()]
    const resume = (...more: string[]) => semantos(folder, ...words('--seed', '1', ...more, '--resume', run))
    const inHost = (path: string, text: string) => () => writeFileSync(join(root, path), text)
    const other = 'other.config.mjs'
    const cases: readonly (readonly [change: () => void, flags: readonly string[], says: RegExp])[] = [
      [() => undefined, ['--goal', 'p99'], /the goal was p95 and is p99/],
      [() => undefined, ['--seed', '2'], /the seed was 1 and is 2/],
      [() => undefined, ['--slo', '7'], /the p95 to keep, in ms, was \d+ and is 7/],
      [() => undefined, ['--knobs', 'vm.*'], /what may be tried was .* and is vm\.\*; knobs were not named for it and are named now/],
      [() => undefined, ['--min-effect', '9'], /the smallest effect, in percent, was 3 and is 9/],
      [() => undefined, ['--settle', '20ms'], /the settling time, in ms, was 10 and is 20/],
      [() => undefined, ['--budget', '12'], /the budget was 24 trials and is 12 trials, and may only grow/],
      [inHost(KNOB, '33\n'), [], /vm\.swappiness was 60 and is 33/],
      [inHost('proc/sys/kernel/osrelease', '6.19.0-test\n'), [], /the kernel was 6\.18\.0-test and is 6\.19\.0-test/],
      [inHost('proc/sys/kernel/random/boot_id', '99999999-2222-3333-4444-555555555555\n'), [], /the boot was 1{8}-\S+ and is 9{8}-/],
      [() => measuring('seq 50 99'), [], /the workload was @semantos\/workload-command [\da-f]{8} of version \S+ and is @semantos\/workload-command [\da-f]{8} of/],
      [() => configure("reasoning: fixed({ rationale: 'as above', values: { 'vm.swappiness': 20 } }),"), [], /the software had @semantos\/reasoning-fixed [\da-f]{8} of version \S+ and has @semantos\/reasoning-fixed [\da-f]{8} of/],
      [() => writeFileSync(join(folder, other), readFileSync(join(folder, 'semantos.config.mjs'))), ['--config', other], /the config was \S+\/semantos\.config\.mjs and is \S+\/other\.config\.mjs/],
    ]
    for (const [change, flags, says] of cases) {
      change()
      const ended = await resume(...flags)
      expect(ended).toMatchObject({ status: 3, stdout: '' })
      expect(ended.stderr).toMatch(/this tune cannot be gone on with: its 4 trials ran under something else[\s\S]*SEMANTOS_E_TUNE_STALE[\s\S]*start a new tune, without --resume/)
      expect(ended.stderr).toMatch(says)
      expect(inTune('trials.jsonl')).toBe(before)
      for (const [path, text] of Object.entries(FILES)) writeFileSync(join(root, path), text)
      configure()
    }
    expect(await resume('--budget', '40', '--apply')).toMatchObject({ status: 0, stderr: '' })
    expect(inTune('trials.jsonl').startsWith(before)).toBe(true)
    expect(reported().kept).toEqual([{ knob: 'vm.swappiness', value: 10 }])
  })

  test('what is proven to help is put back at the end, stays with --keep, and a rollback takes it back', async () => {
    expect(await semantos(folder, ...words('--apply'))).toMatchObject({ status: 0 })
    expect(swappiness()).toBe(FILES[KNOB])
    const began = performance.now()
    const kept = await semantos(folder, ...words('--apply', '--keep'))
    const { cost, trials } = reported()
    const inTrialsMs = trials.reduce((sum, trial) => sum + trial.duration_ms, 0)
    const { helpers, ...own } = cost
    for (const figure of Object.values(own)) expect(figure).toBeGreaterThan(0)
    expect(helpers.names).toEqual(['semantos-guard'])
    expect(helpers.memory_mb).toBeGreaterThan(0.2)
    expect(helpers.memory_mb).toBeLessThan(10)
    expect(inTrialsMs + trials.length * (cost.bookkeeping_ms_per_trial + cost.changing_ms_per_trial)).toBeLessThan(performance.now() - began)
    expect(kept.stdout).toMatch(/kept: vm\.swappiness = 10, p95 0\.\d+ of the baseline \[/)
    expect(kept.stdout).toMatch(/\nheal check: with everything taken back, every value was as before, .*\n.*\nwhat was kept stands;/)
    expect(swappiness()).toBe('10\n')
    expect(readFileSync(join(root, 'proc/sys/net/core/somaxconn'), 'utf8')).toBe('4096\n')
    const [, run = ''] = /to take it back: semantos rollback --run (\S+)/.exec(kept.stdout) ?? []
    expect(await semantos(folder, 'rollback', '--run', run, '--root', root, '--state-dir', state)).toMatchObject({ status: 0 })
    expect(swappiness()).toBe(FILES[KNOB])
  })

  test('a knob that no symptom points to is tried where --knobs names it, and is not where it does not', async () => {
    const longer = service(root, '[ "$(cat proc/sys/net/core/somaxconn)" -gt 4096 ]')
    configure(`
      reasoning: plugin('silent', 'reasoning', ({ hooks }) => hooks.reason.tapPromise('nothing', (plan) => plan)),
      workload: command({ run: ${JSON.stringify(longer)}, ...${JSON.stringify(AS_TESTED)}, parser: { name: 'jsonl' }, fresh: ['next listen()'] }),`)
    expect((await semantos(folder, ...words('--apply'))).stdout).toContain('nothing to try')
    const named = await semantos(folder, ...words('--apply', '--knobs', 'net.core.somaxconn'))
    expect(named).toMatchObject({ status: 0, stderr: '' })
    expect(named.stdout).toMatch(/^kept: net\.core\.somaxconn = \d{4,5}, p95 0\.5/m)
    for (const name of ['rmem_max', 'wmem_max', 'rmem_default', 'wmem_default', 'netdev_max_backlog']) writeFileSync(join(root, 'proc/sys/net/core', name), '1048576\n')
    const many = await semantos(folder, ...words('--apply', '--knobs', 'net.*'))
    expect(many.stderr).toMatch(/^semantos: \d knobs are named, too many to try those that no symptom points to/)
    expect(many.stdout).toContain('nothing to try')
  })

  test('what cannot be reported is taken back, and not remembered', async () => {
    const memory = join(folder, '.semantos', 'knowledge', 'experiences.json')
    configure("report: plugin('full', 'report', ({ hooks }) => hooks.tuned.tapPromise('write', () => { throw new Error('no space') })),")
    const failed = await semantos(folder, ...words('--apply', '--keep'))
    expect(failed.status).toBe(2)
    expect(failed.stderr).toContain('full failed in tuned: no space')
    expect(swappiness()).toBe(FILES[KNOB])
    expect(existsSync(memory)).toBe(false)
    configure()
    expect(await semantos(folder, ...words('--apply'))).toMatchObject({ status: 0 })
    expect(existsSync(memory)).toBe(true)
  })

  test('with --confirm-within, what is kept comes back unless it is confirmed', async () => {
    expect(await semantos(folder, ...words('--apply', '--confirm-within', '2s'))).toMatchObject({ status: 0 })
    expect(reported()).toMatchObject({ outcome: 'kept', kept: [{ knob: 'vm.swappiness', value: 10 }] })
    await expect.poll(() => swappiness()).toBe(FILES[KNOB])

    const { stdout } = await semantos(folder, ...words('--apply', '--confirm-within', '5m'))
    const [, confirm = ''] = /what was kept stands for 5 min; to let it stay: semantos (confirm --run \S+)/.exec(stdout) ?? []
    expect(await semantos(folder, ...confirm.split(' '), '--root', root, '--state-dir', state)).toMatchObject({ status: 0 })
    expect(swappiness()).toBe('10\n')
  })

  test.each([
    [['--keep'], /without --apply nothing is tried[\s\S]*--keep/],
    [['--confirm-within', '5m'], /without --apply nothing is tried[\s\S]*--confirm-within/],
    [['--apply', '--confirm-within', '5m', '--no-guard'], /nobody takes back what is not confirmed/],
    [['--budget', '3'], /a time such as 15m, or at least 4 trials/],
    [['--budget', '15m', 'trials'], /a time such as 15m, or at least 4 trials/],
    [['--budget', '10', 'minutes'], /'10 minutes' is no budget \[SEMANTOS_E_USAGE\]/],
    [['--budget', 'soon'], /a time such as 15m, or at least 4 trials/],
    [['--workload', 'missing.yaml'], /there is no workload file missing\.yaml/],
  ])('%j is refused before a trial is spent on it', async (more, says) => {
    const ended = await semantos(folder, ...words(...more))
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toMatch(says)
    expect(existsSync(tunes())).toBe(false)
  })

  test('a workload of this machine is not measured while a config tunes a sandbox, which it cannot see', async () => {
    writeFileSync(join(folder, 'semantos.config.mjs'), "import { reproduction } from '@semantos/preset-reproduction'\nexport default { extends: reproduction() }")
    writeFileSync(join(folder, 'mine.yaml'), JSON.stringify({ use: '@semantos/workload-command', options: { run: service(root), parser: { name: 'jsonl' } } }))
    const ended = await semantos(folder, 'tune', '--workload', 'mine.yaml', '--budget', '4')
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toMatch(/this config tunes a sandbox; @semantos\/workload-command measures this machine[\s\S]*semantos\.config\.mjs[\s\S]*semantos init --preset host/)
    expect(existsSync(join(root, 'trials'))).toBe(false)
    expect(readdirSync(join(folder, 'experiments', 'results', 'tune'))).toEqual([])
  })

  test('an option that is refused leaves no tune behind', async () => {
    expect(await semantos(folder, ...words('--knobs', 'vm.swapiness'))).toMatchObject({ status: 2 })
    expect(existsSync(tunes())).toBe(false)
  })

  test('what somebody else changed meanwhile is left to them, and the end does not call it healed', async () => {
    const meddler = `[ "$(cat ${root}/${KNOB})" = 10 ] && [ ! -e ${root}/once ] && { touch ${root}/once; echo 33 > ${root}/${KNOB}; }\ntrue`
    measuring(`${service(root)}\n${meddler}`)
    const ended = await semantos(folder, ...words('--apply', '--keep', '--knobs', 'vm.*'))
    expect(ended).toMatchObject({ status: 1, stderr: '' })
    expect(ended.stdout).toContain('heal check: not as they were: vm.swappiness: somebody else has changed it while it was on trial, and theirs stays')
    expect(reported()).toMatchObject({ outcome: 'not healed', kept: [] })
    expect(swappiness()).toBe('33\n')
  })

  test('where the noise hides everything, the first look says so', async () => {
    const wild = `cd ${root}; echo >> trials; [ $(($(wc -l < trials) % 2)) = 0 ] && ms=1 || ms=1000; for i in $(seq 50); do echo $ms; done`
    measuring(wild)
    const { stdout, status } = await semantos(folder, ...words())
    expect(status).toBe(0)
    expect(stdout).toMatch(/\nidentical trials differ so much that not even a factor of two could be told: make trials longer/)
  })

  test('with nothing to try it says so', async () => {
    writeFileSync(join(root, KNOB), '10\n')
    expect((await semantos(folder, ...words('--apply', '--knobs', 'vm.*'))).stdout).toMatch(/\nnothing to try: no symptom.*; name knobs to try all the same: --knobs vm\.swappiness/)
  })

  test('--knobs limits what is tried, --budget what is spent', async () => {
    expect(await semantos(folder, ...words('--apply', '--knobs', 'net.core.*', '--budget', '12', 'trials'))).toMatchObject({ status: 0 })
    const { plan, trials, comparisons, skipped } = reported()
    expect(trials.length).toBeLessThanOrEqual(12)
    expect([...comparisons, ...skipped].map(({ candidate }) => candidate)).toEqual(['net.core.somaxconn=8192'])
    expect(plan.recommendations.length).toBeGreaterThan(0)
  })

  test('a workload that fails half-way costs no trial: what there is can be gone on with', async () => {
    const gone = `[ $(wc -l < ${root}/runs) -ge 3 ] && [ ! -e ${root}/mended ] && exit 1\necho >> ${root}/runs\n`
    writeFileSync(join(root, 'runs'), '')
    measuring(gone + service(root))
    const failed = await semantos(folder, ...words('--seed', '1', '--apply'))
    expect(failed.status).toBe(1)
    const [, resume = ''] = /the same command with (--resume \S+) goes on/.exec(failed.stderr) ?? []
    writeFileSync(join(root, 'mended'), '')
    expect(await semantos(folder, ...words('--seed', '1', '--apply', ...resume.split(' ')))).toMatchObject({ status: 0, stderr: '' })
    expect(readFileSync(join(root, 'runs'), 'utf8')).toHaveLength(reported().trials.length)
  })

  test('an unknown tune cannot be gone on with', async () => {
    const ended = await semantos(folder, ...words('--apply', '--resume', '19990101T000000Z-abcdef'))
    expect(ended.status).toBe(2)
    expect(ended.stderr).toMatch(/SEMANTOS_E_RUN_UNKNOWN[\s\S]*There is none yet/)
    expect(await semantos(folder, ...words('--resume', '.'))).toMatchObject({ status: 2 })
  })

  test.skipIf(!hasTerminals)('a terminal shows the phase, the trial, the time left and the best so far with its interval (skipped where /usr/bin/script is not installed)', async () => {
    const shown = await onTerminal(folder, lineOf(...words('--apply', '--budget', '40')))
    expect(shown).toMatch(/noise \| trial 1 of 40 \| now baseline/)
    expect(shown).toMatch(/screen \| trial \d+ of 40 \| at most \d+ (s|min) left \| now [a-z_.]+=\d+/)
    expect(shown).toMatch(/best vm\.swappiness=10: p95 x0\.\d+ \[0\.\d+, 0\.\d+\] \| now /)
  })
})
