import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EXPORTERS } from '@semantos/formats'
import { main } from '../main.js'

const CORE = fileURLToPath(new URL('../../../../core/dist/index.js', import.meta.url))
const KNOBS = fileURLToPath(new URL('../../../formats/src/fixtures/knobs.json', import.meta.url))

/** A config with a catalogue and with plugins that do nothing. */
const CONFIG = `
import { readFileSync } from 'node:fs'
import { definePlugin, z } from ${JSON.stringify(CORE)}

const nothing = (kernel) => kernel.hooks.start.tapPromise('nothing', () => undefined)
const plugin = (stage, setup = nothing) => definePlugin({ name: 'test-' + stage, stage, api: 1, options: z.strictObject({}), setup })()
const catalogue = (kernel) => kernel.hooks.configure.tapPromise('knobs', (knobs) => {
  for (const knob of JSON.parse(readFileSync(${JSON.stringify(KNOBS)}, 'utf8'))) knobs.knob(knob)
})
const idle = ['telemetry', 'reasoning', 'guardrails', 'rollout', 'applier', 'monitoring', 'evaluation']
export default { ...Object.fromEntries(idle.map((stage) => [stage, plugin(stage)])), knowledge: plugin('knowledge', catalogue) }
`

const FILES = {
  'etc/tuned/active_profile': 'web\n',
  'etc/tuned/web/tuned.conf': '[main]\ninclude=base\n[sysctl]\nvm.swappiness=10\nnet.core.somaxconn=>2048\n[script]\nscript=${i:PROFILE_DIR}/x.sh\n',
  'usr/lib/tuned/base/tuned.conf': '[disk]\nreadahead=>4096\n',
  'etc/sysctl.d/60-own.conf': 'vm.swappiness = 20\n',
  'usr/lib/sysctl.d/10-theirs.conf': 'vm.swappiness = 30\nkernel.sysrq = 0\n',
}

let folder: string
let root: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'semantos-exchange-')))
  root = join(folder, 'root')
  put('semantos.config.mjs', CONFIG)
  for (const [path, text] of Object.entries(FILES)) put(`root/${path}`, text)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

function put(path: string, text: string): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

/** Runs the command line in this process, and gathers what it prints. */
async function semantos(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text)
      return true
    })
  }
  const status = await main([...args, '--config', join(folder, 'semantos.config.mjs'), '--root', root])
  vi.restoreAllMocks()
  return { status, ...printed }
}

describe('semantos import', () => {
  it('shows the values of a tuned profile by its name, and what it does not take over', async () => {
    expect(await semantos('import', 'web')).toEqual({
      status: 0,
      stdout: [
        'knob                                     value          from',
        'block.read_ahead_kb[sd*,vd*,xvd*,nvme*]  at least 4096  /usr/lib/tuned/base/tuned.conf:2',
        'vm.swappiness                            10             /etc/tuned/web/tuned.conf:4',
        'net.core.somaxconn                       at least 2048  /etc/tuned/web/tuned.conf:5',
        '',
      ].join('\n'),
      stderr: 'not taken over:\n  /etc/tuned/web/tuned.conf:7: script = /etc/tuned/web/x.sh: it runs a script\n',
    })
  })

  it("reads a profile by its path, with its neighbours before the host's", async () => {
    put('mine/web/tuned.conf', '[main]\ninclude=base')
    put('mine/base/tuned.conf', '[sysctl]\nvm.swappiness=1')
    expect((await semantos('import', join(folder, 'mine/web'))).stdout).toContain(`vm.swappiness  1      ${folder}/mine/base/tuned.conf:2`)
    put('other/web/tuned.conf', '[main]\ninclude=base')
    expect((await semantos('import', join(folder, 'other/web/tuned.conf'))).stdout).toContain('/usr/lib/tuned/base/tuned.conf:2')
  })

  it('reads sysctl.d files: one, a folder, or all of the host', async () => {
    const file = put('some/a.conf', 'vm.swappiness=1')
    put('some/b.conf', 'vm.swappiness=2')
    expect((await semantos('import', file)).stdout).toContain(`vm.swappiness  1      ${file}:1`)
    expect((await semantos('import', join(folder, 'some'))).stdout).toContain(`vm.swappiness  2      ${folder}/some/b.conf:1`)
    const { stdout, stderr } = await semantos('import', '--as', 'sysctl.d')
    expect(stdout).toContain('vm.swappiness  20     /etc/sysctl.d/60-own.conf:1')
    expect(stderr).toContain('/usr/lib/sysctl.d/10-theirs.conf:2: kernel.sysrq = 0: it is not in the catalogue')
  })

  it("reads the host's active profile", async () => {
    expect((await semantos('import', '--as', 'tuned')).stdout).toContain('vm.swappiness')
    put('root/etc/tuned/active_profile', 'web base\n')
    expect(await semantos('import', '--as', 'tuned')).toMatchObject({ status: 2 })
  })

  it('prints one JSON document', async () => {
    expect(JSON.parse((await semantos('import', 'web', '--json')).stdout)).toMatchObject({
      settings: [{}, { knob: 'vm.swappiness', value: 10, condition: null, source: { file: '/etc/tuned/web/tuned.conf', line: 4 } }, { condition: 'raise only' }],
      unmapped: [{ key: 'script' }],
    })
  })

  it('writes a config with the values for reasoning-fixed', async () => {
    expect((await semantos('import', 'web', '--out', join(folder, 'out.json'))).stderr).toContain(`next: semantos plan --config ${folder}/out.json`)
    expect(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'))).toEqual({
      extends: '@semantos/preset-host',
      reasoning: {
        use: '@semantos/reasoning-fixed',
        options: {
          rationale: 'imported from tuned profile web',
          values: { 'block.read_ahead_kb[sd*,vd*,xvd*,nvme*]': { at_least: 4096 }, 'vm.swappiness': 10, 'net.core.somaxconn': { at_least: 2048 } },
        },
      },
    })
    await semantos('import', 'web', '--out', join(folder, 'out.ts'))
    expect(readFileSync(join(folder, 'out.ts'), 'utf8')).toContain("    'vm.swappiness': 10, // /etc/tuned/web/tuned.conf:4\n")
  })

  it('prints no control characters that a file holds', async () => {
    const { stderr } = await semantos('import', put('x.conf', '\u001b[2Jx\u202e = \u0007y'))
    expect(stderr).toContain('x.conf:1: [2Jx = y: it is not in the catalogue')
  })

  it('exits 1 and writes nothing where nothing can be taken over', async () => {
    expect(await semantos('import', put('x.conf', 'kernel.sysrq=1'), '--out', join(folder, 'out.ts'))).toMatchObject({ status: 1, stdout: '' })
    expect(statSync(join(folder, 'out.ts'), { throwIfNoEntry: false })).toBeUndefined()
  })

  it.each([
    [[], 'nothing to import'],
    [['nowhere'], "there is no file and no tuned profile called 'nowhere'"],
    [['web', '--out', 'x.yaml'], 'a config is .ts or .json, not x.yaml'],
    [['web', '--as', 'ini'], "argument 'ini' is invalid"],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await semantos('import', ...args)
    expect({ status, said: stderr.includes(message) }).toEqual({ status: 2, said: true })
  })
})

describe('semantos export', () => {
  function plan(changes: readonly object[]): string {
    const common = { rationale: 'because', cues: [], expected: { metric: 'p95_ms', change_pct: 0 }, uncertainty: 0, proposed_by: 'test', changed_by: [], risk: 'low', takes_effect: 'at once', survives_reboot: 'with --persist' }
    const host = { name: 'web1', kernel: '6.18.0', boot_id: 'b' }
    return put('plan.json', JSON.stringify({
      kind: 'semantos-plan', schema_version: 2, created: '2026-01-01T00:00:00Z', expires: '2026-01-08T00:00:00Z', host, config: '/semantos.config.ts', netns: null, changes: changes.map((change) => ({ ...common, ...change })), digest: '0'.repeat(64),
    }))
  }
  const changes = [{ knob: 'vm.swappiness', from: 60, to: 10 }, { knob: 'thp.enabled', from: 'always', to: 'madvise' }]

  it.each([
    ['sysctl.d', 'vm.swappiness = 10\n'],
    ['tuned', '[sysctl]\n# vm.swappiness = 10, was 60: because\nvm.swappiness=10\n'],
    ['ansible', 'content: |\n          vm.swappiness = 10\n'],
    ['kubernetes', 'kind: "Tuned"'],
    ['shell', `"$1" '/proc/sys/vm/swappiness' '10' || return\n`],
  ])('writes %s', async (format, words) => {
    const { status, stdout } = await semantos('export', plan(changes), '--as', format)
    expect(stdout).toContain(words)
    expect(status).toBe(0)
  })

  it('offers every format', async () => {
    expect((await semantos('export', 'x', '--as', 'x')).stderr).toContain(`Allowed choices are ${Object.keys(EXPORTERS).join(', ')}`)
  })

  it('says what a format has no words for', async () => {
    expect((await semantos('export', plan(changes), '--as', 'sysctl.d')).stderr).toBe('left out: thp.enabled = madvise: /sys/kernel/mm/transparent_hugepage/enabled is not below /proc/sys\n')
  })

  it('writes a script that can be run', async () => {
    const file = join(folder, 'out.sh')
    expect(await semantos('export', plan(changes), '--as', 'shell', '--out', file)).toEqual({ status: 0, stdout: '', stderr: `wrote ${file}\n` })
    expect(spawnSync(file, []).status).toBe(2)
  })

  it.each([
    [() => join(folder, 'nowhere.json'), 'cannot read it'],
    [() => plan([]), 'there is nothing to export: it changes no value'],
    [() => plan([{ knob: 'vm.nothing', from: 1, to: 2 }]), 'vm.nothing is not in the catalogue'],
    [() => put('x.json', '{}'), 'this is neither a plan nor the report of a run'],
  ])('refuses what it cannot export (%#)', async (file, message) => {
    const { status, stdout, stderr } = await semantos('export', file(), '--as', 'tuned')
    expect(stderr).toContain(message)
    expect([status > 0, stdout]).toEqual([true, ''])
  })
})
