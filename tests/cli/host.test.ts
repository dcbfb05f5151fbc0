import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { z } from '@semantos/core'
import { CONFIG, FILES, FakeHost } from './fake-host.js'
import { scratch, semantos, workspace } from './semantos.js'

let host = new FakeHost()
let root = ''
beforeEach(() => {
  host = new FakeHost()
  root = host.root
})

const read = (path: string) => host.read(path)
const on = (...words: string[]) => host.semantos(...words)
const withConfig = (...words: string[]) => host.withConfig(...words)

describe('plan and apply', () => {
  test('plan writes nothing but the file that was asked for, and says old, new, why, risk and when', async () => {
    const file = join(root, 'plan.json')
    const ended = await withConfig('plan', '--out', file)
    expect(ended).toMatchObject({ status: 0, stderr: `wrote ${file}; next: sudo semantos apply ${file} --confirm-within 10m --config ${CONFIG} ${host.here.join(' ')}\n` })
    expect(ended.stdout).toMatch(/vm\.swappiness +60 +-> +10/)
    expect(ended.stdout).toMatch(/^net\.core\.somaxconn +4096 -> 8192 +low +next listen\(\) +with --persist$/m)
    expect(ended.stdout).toMatch(/kernel\.sched_latency_ns: left the kernel in 5\.13.*successor is sched\.base_slice_ns$/m)
    const changes: unknown = JSON.parse(readFileSync(file, 'utf8'))
    expect(changes).toMatchObject({ kind: 'semantos-plan', changes: [{ knob: 'vm.swappiness', from: 60, to: 10, risk: 'low', takes_effect: 'at once', survives_reboot: 'with --persist' }, { knob: 'net.core.somaxconn' }] })
    expect(read('proc/sys/vm/swappiness')).toBe(FILES['proc/sys/vm/swappiness'])
  })

  test('a refused plan says of each value whether it is so, refused, or held back with the rest', async () => {
    const config = join(workspace('refused'), 'semantos.config.mjs')
    const values = { 'vm.swappiness': 60, 'net.core.somaxconn': 65535, 'net.ipv4.tcp_fin_timeout': 50 }
    writeFileSync(config, `import fixed from '@semantos/reasoning-fixed'\nimport config from ${JSON.stringify(CONFIG)}\nexport default { ...config, reasoning: fixed({ values: ${JSON.stringify(values)} }) }\n`)
    host.put({ 'proc/sys/net/ipv4/tcp_fin_timeout': '60\n' })
    const { stdout } = await on('plan', '--config', config)
    expect(stdout).toMatch(/^vm\.swappiness +60 +-> +60 +is so /m)
    expect(stdout).toMatch(/^net\.core\.somaxconn +4096 +-> +65535 +refused /m)
    expect(stdout).toMatch(/^net\.ipv4\.tcp_fin_timeout +60 +-> +50 +held back /m)
  })

  test('a plan without a change says so', async () => {
    const config = join(workspace('no-change'), 'semantos.config.mjs')
    const silent = "definePlugin({ name: 'silent', stage: 'reasoning', api: 1, options: z.strictObject({}), setup: ({ hooks }) => hooks.reason.tapPromise('nothing', (plan) => plan) })"
    writeFileSync(config, `import { definePlugin, z } from '@semantos/core'\nimport config from ${JSON.stringify(CONFIG)}\nexport default { ...config, reasoning: ${silent}({}) }\n`)
    const { stdout } = await on('plan', '--config', config)
    expect(stdout).toMatch(/^nothing to change: no reasoner recommends anything on what was seen\n/)
  })

  test('apply writes, status and history tell, diff compares, rollback restores the bytes', async () => {
    await withConfig('plan', '--out', join(root, 'plan.json'))
    expect(await withConfig('apply', join(root, 'plan.json'), '--yes')).toMatchObject({ status: 0 })
    expect(read('proc/sys/vm/swappiness').trim()).toBe('10')
    expect((await on('status')).stdout).toMatch(/applied since[\s\S]*vm\.swappiness +60 -> 10 +now 10 +ours/)
    const [, run = ''] = /^\[\{"run":"([^"]+)"/.exec((await on('history', '--json')).stdout) ?? []
    expect((await on('history', 'show', run)).stdout).toMatch(/net\.core\.somaxconn +4096 -> 8192 +stands/)

    writeFileSync(join(root, 'proc/sys/vm/swappiness'), '33\n')
    expect((await on('diff', run)).stdout).toMatch(/vm\.swappiness +10 +33/)
    const rollback = await on('rollback')
    expect(rollback.status).toBe(1)
    expect(rollback.stdout).toMatch(/vm\.swappiness +modified externally/)
    expect(read('proc/sys/vm/swappiness').trim()).toBe('33')
    expect(read('proc/sys/net/core/somaxconn').trim()).toBe('4096')
    expect((await on('rollback', '--force')).status).toBe(0)
    expect(read('proc/sys/vm/swappiness').trim()).toBe('60')
  })

  test('rollback of one knob: a name that no run has changed is wrong usage, with near ones, and changes nothing', async () => {
    expect(await on('rollback', '--knob', 'vm.swappiness')).toMatchObject({ status: 2, stdout: '' })
    await withConfig('plan', '--out', join(root, 'plan.json'))
    await withConfig('apply', join(root, 'plan.json'), '--yes')
    const [, run = ''] = /^\[\{"run":"([^"]+)"/.exec((await on('history', '--json')).stdout) ?? []

    const mistyped = await on('rollback', '--knob', 'vm.swapiness')
    expect(mistyped).toMatchObject({ status: 2, stdout: '' })
    expect(mistyped.stderr).toMatch(/no run has ever changed a knob called 'vm\.swapiness'; nothing was taken back \[SEMANTOS_E_USAGE\]\n  at: +--knob\n  next: +Did you mean vm\.swappiness\?\n$/)
    const other = await on('rollback', '--run', run, '--knob', 'kernel.numa_balancing', '--dry-run')
    expect(other).toMatchObject({ status: 2, stdout: '' })
    expect(other.stderr).toMatch(/run \S+ has not changed a knob called 'kernel\.numa_balancing'; nothing was taken back [\s\S]*next: +semantos status shows/)
    expect([read('proc/sys/vm/swappiness').trim(), read('proc/sys/net/core/somaxconn').trim()]).toEqual(['10', '8192'])

    expect((await on('rollback', '--knob', 'vm.swappiness')).stdout).toMatch(/^vm\.swappiness +restored/)
    expect(read('proc/sys/net/core/somaxconn').trim()).toBe('8192')
    expect(await on('rollback', '--knob', 'vm.swappiness')).toMatchObject({ status: 0, stdout: 'nothing is applied to vm.swappiness; semantos status shows what is\n' })
  })

  test('--rollback --quiet says nothing but what it could not take back', async () => {
    const apply = async () => {
      await withConfig('plan', '--out', join(root, 'plan.json'))
      await withConfig('apply', join(root, 'plan.json'), '--yes')
    }
    await apply()
    expect(await on('--rollback', '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(read('proc/sys/vm/swappiness').trim()).toBe('60')
    await apply()
    writeFileSync(join(root, 'proc/sys/vm/swappiness'), '33\n')
    const ended = await on('--rollback', '--quiet')
    expect(ended).toMatchObject({ status: 1, stdout: '' })
    expect(ended.stderr).toMatch(/^vm\.swappiness +modified externally/m)
  })

  test('what looks at a journal and takes back loads no config', async () => {
    await withConfig('plan', '--out', join(root, 'plan.json'))
    await withConfig('apply', join(root, 'plan.json'), '--yes')
    writeFileSync(join(root, 'semantos.config.mjs'), "import { writeFileSync } from 'node:fs'\nwriteFileSync('ran', '')\nthrow new Error('it was run')\n")
    expect((await on('plan')).stderr).toContain('it was run')
    rmSync(join(root, 'ran'))
    for (const words of [['status'], ['history'], ['rollback', '--dry-run'], ['rollback', '--config', 'semantos.config.mjs']]) expect(await on(...words)).toMatchObject({ stderr: '' })
    expect(existsSync(join(root, 'ran'))).toBe(false)
    expect(read('proc/sys/vm/swappiness').trim()).toBe('60')
  })

  test('a verdict beside values of a kernel says whose numbers it is made of', async () => {
    const config = join(workspace('modelled'), 'semantos.config.mjs')
    writeFileSync(config, `import synthetic from '@semantos/workload-synthetic'\nimport config from ${JSON.stringify(CONFIG)}\nexport default { ...config, trials: 4, workload: synthetic() }\n`)
    const { stdout } = await on('run', '--apply', '--config', config)
    expect(stdout).toMatch(/\n[a-z ]+: .*; measured by @semantos\/workload-synthetic\n\napplied as /)
    expect((await on('rollback')).status).toBe(0)
  })

  test('a plan is refused when a value has changed since', async () => {
    await withConfig('plan', '--out', join(root, 'plan.json'))
    writeFileSync(join(root, 'proc/sys/vm/swappiness'), '61\n')
    const ended = await withConfig('apply', join(root, 'plan.json'), '--yes')
    expect(ended.status).toBe(3)
    expect(ended.stderr).toMatch(/SEMANTOS_E_PLAN_STALE/)
    expect(ended.stderr).toMatch(/vm\.swappiness was 60 and is 61/)
    expect(read('proc/sys/net/core/somaxconn')).toBe(FILES['proc/sys/net/core/somaxconn'])
  })

  test('what was applied is named, with the commands that keep it and take it back on the same host', async () => {
    await withConfig('plan', '--out', join(root, 'plan.json'))
    const { stdout } = await withConfig('apply', join(root, 'plan.json'), '--yes', '--confirm-within', '10m')
    const [, run = '', until = '', confirm = '', rollback = ''] =
      /\napplied as (\S+): 2 changes\. They stand until (\S+); to keep them: semantos (.*); to take them back now: semantos (.*)\n$/.exec(stdout) ?? []
    expect((await withConfig('doctor')).stdout).toMatch(new RegExp(`^pending +${run}: waits until ${until} for semantos confirm$`, 'm'))
    expect(await semantos('/', ...confirm.split(' '))).toMatchObject({ status: 0, stdout: `run ${run} is confirmed: its values stay\n` })
    expect(await semantos('/', ...rollback.split(' '))).toMatchObject({ status: 0 })
    expect(read('proc/sys/vm/swappiness').trim()).toBe('60')

    const bare = await withConfig('run', '--apply')
    expect(bare.stdout).toMatch(new RegExp(`\napplied as (\\S+): 2 changes; to take them back: semantos rollback --run \\1 ${host.here.join(' ')}\n$`))
  })

  test('a plan without a change is applied without a question', async () => {
    host.put({ 'proc/sys/vm/swappiness': '10\n', 'proc/sys/net/core/somaxconn': '8192\n' })
    expect((await withConfig('plan', '--out', join(root, 'plan.json'))).stderr).toBe(`wrote ${join(root, 'plan.json')}: it changes nothing\n`)
    const { status, stdout, stderr } = await withConfig('apply', join(root, 'plan.json'))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toBe('nothing to change: the plan holds no change\n')
  })

  test('a plan of another config is refused where this one does not reach its knobs, and names that one', async () => {
    await withConfig('plan', '--out', join(root, 'plan.json'))
    const narrow = join(workspace('narrow'), 'semantos.config.mjs')
    writeFileSync(narrow, `import config from ${JSON.stringify(CONFIG)}\nexport default { ...config, knobs: ['vm.*'] }\n`)
    const ended = await on('apply', join(root, 'plan.json'), '--yes', '--config', narrow)
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toContain(`this plan was made with ${CONFIG}; ${narrow} does not reach net.core.somaxconn [SEMANTOS_E_USAGE]`)
    expect(ended.stderr).toMatch(/next: +Add --config \S+semantos\.config\.mjs\.\n$/)
    expect(read('proc/sys/vm/swappiness')).toBe(FILES['proc/sys/vm/swappiness'])
  })

  test('a report of what was taken back since says so, to its reader and to whoever exports it', async () => {
    const folder = workspace('since')
    writeFileSync(join(folder, 'semantos.config.mjs'), `import json from '@semantos/report-json'\nimport config from ${JSON.stringify(CONFIG)}\nexport default { ...config, report: json() }\n`)
    const inFolder = (...words: string[]) => semantos(folder, ...words, ...host.here)
    const { stdout } = await inFolder('run', '--apply')
    const [, run = ''] = /applied as (\S+):/.exec(stdout) ?? []
    const file = join(folder, 'results', 'run.json')
    expect((await inFolder('explain', run)).stdout).toMatch(/The run ended: applied\.\n$/)
    expect((await inFolder('export', file, '--as', 'sysctl.d')).stderr).toBe('')
    await inFolder('rollback')
    expect((await inFolder('explain', run)).stdout).toMatch(/The run ended: applied\. None of it stands any more: it was taken back\.\n$/)
    expect((await inFolder('export', file, '--as', 'sysctl.d')).stderr).toBe(`run ${run}: None of it stands any more: it was taken back.\n`)
  })

  test('without --yes and nobody to ask, nothing is applied', async () => {
    await withConfig('plan', '--out', join(root, 'plan.json'))
    const ended = await withConfig('apply', join(root, 'plan.json'))
    expect(ended.status).toBe(2)
    expect(ended.stderr).toMatch(/stdin is not a terminal[\s\S]*--yes/)
    expect(read('proc/sys/vm/swappiness')).toBe(FILES['proc/sys/vm/swappiness'])
  })

  test('what is not confirmed in time comes back by itself', async () => {
    await withConfig('plan', '--out', join(root, 'plan.json'))
    expect(await withConfig('apply', join(root, 'plan.json'), '--yes', '--confirm-within', '2s')).toMatchObject({ status: 0 })
    await expect.poll(() => read('proc/sys/vm/swappiness').trim()).toBe('60')
    const history = async (): Promise<unknown> => JSON.parse((await on('history', '--json')).stdout)
    await expect.poll(history).toMatchObject([{ phase: 'rolled back', changes: [{ knob: 'vm.swappiness', stored: '10', undone: { by: 'guard' } }, { undone: { by: 'guard' } }] }])
  })

  test('--json of a confirmation', async () => {
    await withConfig('plan', '--out', join(root, 'plan.json'))
    await withConfig('apply', join(root, 'plan.json'), '--yes', '--confirm-within', '10m')
    expect(JSON.parse((await on('confirm', '--json')).stdout)).toMatchObject({ confirmed: true })
  })

  test('a lease can be renewed, and what is confirmed stays', async () => {
    await withConfig('plan', '--out', join(root, 'plan.json'))
    await withConfig('apply', join(root, 'plan.json'), '--yes', '--confirm-within', '10m')
    const until = async () => z.object({ runs: z.tuple([z.object({ run: z.string(), deadline: z.iso.datetime().nullable() })]) }).parse(JSON.parse((await on('status', '--json')).stdout)).runs[0]
    const first = await until()
    expect((await on('confirm', '--renew', '20m')).stdout).toBe(`run ${first.run} waits 1200 s more\n`)
    const second = await until()
    expect(Date.parse(second.deadline ?? '') - Date.parse(first.deadline ?? '')).toBeGreaterThan(500_000)
    expect(JSON.parse((await on('confirm', '--renew', '30m', '--json')).stdout)).toEqual({ run: first.run, confirmed: false, waits_s: 1800 })

    expect((await on('confirm')).stdout).toMatch(/is confirmed: its values stay/)
    expect((await until()).deadline).toBeNull()
    const late = await on('confirm', '--json')
    expect(late).toMatchObject({ status: 3, stdout: '' })
    expect(JSON.parse(late.stderr)).toMatchObject({ error: { code: 'SEMANTOS_E_LEASE_OVER' } })
    expect((await on('status')).stdout).toMatch(/applied since/)
    expect(read('proc/sys/vm/swappiness').trim()).toBe('10')
  })
})

describe('what outlives a restart', () => {
  test('--persist writes a drop-in, and a rollback removes it', async () => {
    await withConfig('plan', '--out', join(root, 'plan.json'))
    expect(await withConfig('apply', join(root, 'plan.json'), '--yes', '--persist')).toMatchObject({ status: 0 })
    expect(read('etc/sysctl.d/99-semantos.conf')).toMatch(/^vm\.swappiness = 10$/m)
    const [{ run }] = z.tuple([z.object({ run: z.string() })]).parse(JSON.parse((await on('history', '--json')).stdout))
    for (const words of [['status'], ['history', 'show', run], ['rollback', '--dry-run']]) {
      const { stdout } = await on(...words)
      // Whole rows: the text of a file would break the table.
      expect(stdout).toMatch(/^.*\/etc\/sysctl\.d\/99-semantos\.conf .*\d lines.*$/m)
      expect(stdout).not.toContain('vm.swappiness = 10')
    }
    expect((await on('rollback')).status).toBe(0)
    expect(existsSync(join(root, 'etc/sysctl.d/99-semantos.conf'))).toBe(false)
    expect(read('proc/sys/vm/swappiness').trim()).toBe('60')
  })

  test('install-guard writes a unit and removes it', async () => {
    mkdirSync(join(root, 'etc/systemd/system'), { recursive: true })
    expect(await on('install-guard')).toMatchObject({ status: 0 })
    expect(read('etc/systemd/system/semantos-guard.service')).toMatch(/ExecStart=.*watchdog-main\.js/)
    expect(await on('install-guard', '--remove')).toMatchObject({ status: 0 })
    expect(existsSync(join(root, 'etc/systemd/system/semantos-guard.service'))).toBe(false)
  })
})

describe('explain', () => {
  test('of a pattern, the knobs that fit it; of a name that is near to none, where names are found', async () => {
    const { stdout } = await withConfig('explain', 'vm.dirty_*')
    expect(stdout).toMatch(/^vm\.dirty_background_bytes {2}/)
    expect(stdout.trimEnd().split('\n').every((line) => line.startsWith('vm.dirty_'))).toBe(true)
    expect((await withConfig('explain', 'nothing.*')).stderr).toMatch(/no knob of the catalogue is called 'nothing\.\*' \[SEMANTOS_E_KNOB_UNKNOWN\]/)
    expect((await withConfig('explain', 'qqqqqqqqqqqq')).stderr).toMatch(/next: +semantos explain lists every knob; names may hold \*, such as vm\.\*\.\n$/)
  })

  test('meaning, unit, range, place, value here, edges, and the rules and guards that use it', async () => {
    const file = join(workspace('explain'), 'semantos.config.mjs')
    writeFileSync(file, `
      import bounds from '@semantos/guardrails-bounds'
      import graph from '@semantos/knowledge-graph'
      import { host } from '@semantos/preset-host'
      const preset = host()
      export default { ...preset, knowledge: [preset.knowledge, graph()].flat(), guardrails: bounds({ max_factor: 4, bounds: { 'vm.dirty_ratio': { min: 10, max: 40 } } }) }`)
    host.put({ 'proc/sys/vm/dirty_ratio': '20\n' })
    const { stdout } = await on('explain', 'vm.dirty_ratio', '--config', file)
    for (const line of [
      /^vm\.dirty_ratio: When this share of available memory is dirty, a writing program/,
      /^ {2}lives at +sysctl vm\/dirty_ratio$/m,
      /^ {2}type +integer, percent, 0\.\.100, safe 5\.\.60$/m,
      /^ {2}default +20$/m,
      /^ {2}takes effect +at once$/m,
      /^ {2}here +vm\.dirty_ratio: 20$/m,
      /^ {2}edge +vm\.dirty_background_ratio depends_on vm\.dirty_ratio \(weight 1, https:.+\)$/m,
      /^ {2}guard +bounds: 10\.\.40, as configured \(@semantos\/guardrails-bounds\)$/m,
      /^ {2}guard +bounded_changes: at most 4 times larger or smaller in one step \(@semantos\/guardrails-bounds\)$/m,
      /^ {2}guard +no_oom: what dirty pages may fill of the available memory is at most 50% /m,
      /^ {2}rule +writeback\.stalls\/limits-in-percent: .*: lower it\. .* \(@semantos\/reasoning-rules\)$/m,
      /^ {2}rule +writeback\.limit-too-low\/more-percent: .*: raise it\. .* \(@semantos\/reasoning-rules\)$/m,
    ]) expect(stdout).toMatch(line)
  })

  test('without a name, every knob of the catalogue, a line each', async () => {
    const { stdout } = await withConfig('explain')
    expect(stdout.trimEnd().split('\n').length).toBeGreaterThan(150)
    expect(stdout).toMatch(/^vm\.swappiness +\S.*\.$/m)
  })

  test('a mistyped name is answered with near ones', async () => {
    const ended = await withConfig('explain', 'vm.swapiness')
    expect(ended.status).toBe(3)
    expect(ended.stderr).toMatch(/Did you mean vm\.swappiness/)
  })
})

describe('the rest of the command line', () => {
  test('plugins shows every hook with its taps in order', async () => {
    const { stdout } = await withConfig('plugins')
    expect(stdout).toMatch(/read +series +@semantos\/applier-sysctl#\S+ -> @semantos\/applier-sysfs#/)
  })

  test('config shows every option that a plugin gets, defaults among them, and masks secrets', async () => {
    const folder = workspace('resolved')
    writeFileSync(join(folder, 'semantos.config.mjs'), `
      import { definePlugin, z } from '@semantos/core'
      import config from ${JSON.stringify(CONFIG)}
      import ensemble from '@semantos/reasoning-ensemble'
      import rules from '@semantos/reasoning-rules'
      const options = z.strictObject({ url: z.string(), login: z.strictObject({ password: z.string() }), api_key_env: z.string().default('MY_KEY'), window_ms: z.int().default(500) })
      const mine = definePlugin({ name: 'mine', stage: 'telemetry', api: 1, options, setup() {} })
      export default { ...config, telemetry: mine({ url: 'http://me:hunter2@host/', login: { password: 'hunter2' } }), reasoning: ensemble({ reasoners: [rules(), rules({}, { id: 'second' })] }) }`)
    const { stdout } = await semantos(folder, 'config')
    expect(stdout).not.toContain('hunter2')
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'fixed',
      slots: {
        telemetry: [{ plugin: 'mine', options: { url: 'http://[secret]@host/', login: { password: '[secret]' }, api_key_env: 'MY_KEY', window_ms: 500 } }],
        reasoning: [{ plugin: '@semantos/reasoning-ensemble', options: { near_factor: 2, reasoners: [{ plugin: '@semantos/reasoning-rules', options: { sets: ['evidence'] } }, { plugin: '@semantos/reasoning-rules#second' }] } }],
      },
    })
  })

  test('init writes a commented config once', async () => {
    const folder = scratch('init')
    expect(await semantos(folder, 'init', '--preset', 'host')).toMatchObject({ status: 0 })
    expect(readFileSync(join(folder, 'semantos.config.ts'), 'utf8')).toMatch(/extends: host\(\)/)
    expect(await semantos(folder, 'init')).toMatchObject({ status: 2 })
  })

  test('--trace prints the stages, --trace-json writes Chrome trace events', async () => {
    const file = join(root, 'trace.json')
    const { stderr } = await withConfig('plan', '--trace', '--trace-json', file)
    expect(stderr).toMatch(/reason {2}[\d.]+ ms\n└─ @semantos\/reasoning-fixed#\S+ {2}[\d.]+ ms {2}\+vm\.swappiness/)
    expect(readFileSync(file, 'utf8')).toMatch(/"ph":"X","cat":"collect"/)
  })
})
