import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bin, scratch, semantos, tree, workspace } from './semantos.js'

const HEAD = `
import { definePlugin, z } from '@semantos/core'
import { reproduction } from '@semantos/preset-reproduction'
const options = z.strictObject({})
`
const plugin = (stage: string, setup: string) => `definePlugin({ name: 'bad', stage: '${stage}', api: 1, options, setup(kernel) { ${setup} } })()`
const recommends = (knob: string, value: string) =>
  plugin('reasoning', `kernel.hooks.reason.tapPromise('bad', () => ({ recommendations: [{ knob: ${knob}, value: ${value}, rationale: 'bad', expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.1 }] }))`)

interface Case {
  readonly name: string
  readonly config: string
  readonly words?: readonly string[]
  /** telemetry.csv beside the config. */
  readonly csv?: string
  readonly status: 2 | 3
  /** Where it is, what is wrong, and what to do: each in its own line of what is told. */
  readonly at: RegExp
  readonly why: RegExp
  readonly next: RegExp
}

const withSlot = (slot: string) => `${HEAD}export default { ...reproduction(), ${slot} }`

const CSV = "import csv from '@semantos/telemetry-csv'\n"
const withCsv = (options: string) => `${CSV}${withSlot(`telemetry: csv(${options})`)}`
const recommending = (knob: string, value: string) => withSlot(`reasoning: ${recommends(knob, value)}`)

const AUTHOR = /^Report it to the author of the plugin/

const CASES: readonly Case[] = [
  { name: 'a config that cannot be parsed', config: 'export default {\n  seed: 1\n  trials: 2 }', status: 2, at: /semantos\.config\.mjs:3/, why: /Unexpected identifier 'trials' \[SEMANTOS_E_CONFIG_UNREADABLE\]/, next: /^Correct the file at the place shown/ },
  { name: 'trials 0 in the config', config: withSlot('trials: 0'), status: 2, at: /semantos\.config\.mjs: trials$/, why: />=1/, next: /^Correct the entry at the path shown/ },
  { name: 'a mistyped knob in the config', config: withSlot("knobs: ['vm.*', 'vm.swapiness']"), status: 2, at: /semantos\.config\.mjs: knobs$/, why: /no knob of the catalogue is called 'vm\.swapiness'/, next: /^Did you mean vm\.swappiness/ },
  { name: 'an unknown option of a plugin', config: withCsv("{ file: 'telemetry.csv', fiel: 1 }"), status: 2, at: /semantos\.config\.mjs: telemetry\.options\.fiel$/, why: /Unrecognized key: "fiel"/, next: /^Correct the option/ },
  { name: 'a recording that is not there', config: withCsv("{ file: 'telemetry.csv' }"), status: 2, at: /telemetry\.csv/, why: /there is no such file \[SEMANTOS_E_DATA_INVALID\]/, next: /^Correct the path; it is relative to the folder of the config/ },
  { name: 'a truncated recording', config: withCsv("{ file: 'telemetry.csv' }"), csv: 'p95_ms,irq_rate,load\n182.3,21000,9.4\n171.8,12', status: 2, at: /telemetry\.csv, data row 2, column load$/, why: /the row has 2 cells and the header 3 \[SEMANTOS_E_DATA_INVALID\]/, next: /^Give the row one number a column\.$/ },
  { name: 'a wrong value in a recording', config: withCsv("{ file: 'telemetry.csv' }"), csv: 'p95_ms,irq_rate,load\n182.3,many,9.4\n', status: 2, at: /telemetry\.csv, data row 1, column irq_rate$/, why: /"many" is not a finite number \[SEMANTOS_E_DATA_INVALID\]/, next: /^Write a finite number with a decimal point/ },
  { name: 'an unknown slot', config: withSlot('telemtry: []'), status: 2, at: /semantos\.config\.mjs: telemtry$/, why: /no slot or setting called 'telemtry'/, next: /^Did you mean 'telemetry'\?$/ },
  { name: 'no reasoner', config: withSlot('reasoning: []'), status: 2, at: /semantos\.config\.mjs: reasoning$/, why: /slot 'reasoning' is empty/, next: /^Name a plugin of stage 'reasoning'/ },
  { name: 'no guard', config: withSlot('guardrails: []'), status: 2, at: /semantos\.config\.mjs: guardrails$/, why: /slot 'guardrails' is empty/, next: /^Name a plugin of stage 'guardrails'/ },
  { name: 'a plugin that throws', config: withSlot(`reasoning: ${plugin('reasoning', "kernel.hooks.reason.tapPromise('x', () => { throw new Error('ouch') })")}`), status: 2, at: /semantos\.config\.mjs:\d+:\d+$/, why: /bad failed in reason: ouch/, next: AUTHOR },
  { name: 'a plugin that hangs', config: withSlot(`time_limits_ms: { reason: 200 }, reasoning: ${plugin('reasoning', "kernel.hooks.reason.tapPromise('x', () => new Promise(() => {}))")}`), status: 2, at: /^bad, hook reason$/, why: /bad timed out in hook reason after 200 ms/, next: /time_limits_ms: \{ reason: 400 \}/ },
  { name: 'a plugin that returns nonsense', config: withSlot(`reasoning: ${plugin('reasoning', "kernel.hooks.reason.tapPromise('x', () => ({ recommendations: 'all' }))")}`), status: 3, at: /^bad, hook reason$/, why: /recommendations.*SEMANTOS_E_PLUGIN_OUTPUT/, next: AUTHOR },
  { name: 'another version of the contract', config: `${HEAD}export default { ...reproduction(), reasoning: definePlugin({ name: 'bad', stage: 'reasoning', api: 2, options, setup() {} })() }`, status: 2, at: /semantos\.config\.mjs: reasoning$/, why: /version 2 of the plugin contract; this core has version 1/, next: /^Install a version of the plugin made for this core/ },
  { name: 'two plugins that add one metric', config: withSlot(`telemetry: [...reproduction().telemetry ? [reproduction().telemetry].flat() : [], ${plugin('telemetry', "kernel.hooks.collect.tapPromise('x', (into) => into.add({ name: 'load', value: 1, unit: 'tasks' }))")}]`), status: 2, at: /bad, hook collect$/, why: /metric load was added twice, by @semantos\/telemetry-synthetic and bad/, next: /^Remove one of the two plugins/ },
  { name: 'a knob outside the catalogue', config: recommending("'kernel.core_pattern'", '1'), status: 3, at: /^kernel\.core_pattern/, why: /kernel\.core_pattern is not in the catalogue/, next: /./ },
  { name: 'a knob out of bounds', config: recommending("'vm.swappiness'", '999'), status: 3, at: /^vm\.swappiness/, why: /vm\.swappiness = 999 is outside/, next: /^use 0\.\.200$/ },
  ...([
    ['NaN', 'Number.NaN', /must be a whole number that JavaScript holds exactly, and is NaN/],
    ['Infinity', 'Infinity', /must be a whole number that JavaScript holds exactly, and is Infinity/],
    ['-0', '-0', /must not be -0/],
    ['a huge integer', '2 ** 60', /must be a whole number that JavaScript holds exactly, and is 1152921504606847000/],
    ['a line break', "'1\\n2'", /must be one line of printable ASCII/],
    ['nothing', 'undefined', /is missing/],
  ] as const).map(([name, value, why]): Case => ({ name: `the value ${name}`, config: recommending("'vm.swappiness'", value), status: 3, at: /^bad, hook reason$/, why: new RegExp(`recommendations\\[0\\]\\.value.*${why.source}.*SEMANTOS_E_PLUGIN_OUTPUT|${why.source}[\\s\\S]*recommendations\\[0\\]\\.value[\\s\\S]*SEMANTOS_E_PLUGIN_OUTPUT`), next: AUTHOR })),
  { name: 'a word for a number', config: recommending("'vm.swappiness'", "'ten'"), status: 3, at: /^vm\.swappiness/, why: /vm\.swappiness = ten is not a whole number/, next: /./ },
  ...["'vm/../../etc/passwd'", "'net.core.somaxconn/../x'", "'vm.swappiness\\u0000'", "'vm.swapp\\u0456ness'"].map(
    (knob): Case => ({ name: `the knob ${knob}`, config: recommending(knob, '10'), status: 3, at: /^bad, hook reason$/, why: /must be a knob name[\s\S]*recommendations\[0\]\.knob[\s\S]*SEMANTOS_E_PLUGIN_OUTPUT/, next: AUTHOR }),
  ),
  { name: 'trials 0', config: withSlot(''), words: ['--trials', '0'], status: 2, at: /--trials/, why: /whole number from 1.*SEMANTOS_E_USAGE/, next: /^See semantos --help\.$/ },
  { name: 'negative trials', config: withSlot(''), words: ['--trials', '-3'], status: 2, at: /--trials/, why: /whole number from 1.*SEMANTOS_E_USAGE/, next: /^See semantos --help\.$/ },
  { name: 'an unknown option', config: withSlot(''), words: ['--sead', '1'], status: 2, at: /--sead/, why: /unknown option '--sead' \[SEMANTOS_E_USAGE\]/, next: /^Did you mean --seed\?$/ },
  { name: 'an unknown applier', config: withSlot(''), words: ['--applier', 'sandbx'], status: 2, at: /^--applier$/, why: /no applier called 'sandbx'/, next: /^Use one of sandbox, sysctl/ },
]

interface Told {
  readonly at: string
  readonly why: string
  readonly next: string
  /** Guards have refused the plan: a result of the run, which its reports tell. */
  readonly refused: boolean
}

/** What is told of a failure, or of the guards' refusal. */
function told({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): Told {
  const [, knob, why = '', fix = ''] = /^guards: refused, nothing was applied\n {2}\w+ \(.*?\): (\S+)(.*); (.*)$/m.exec(stdout) ?? []
  if (knob !== undefined) return { at: knob, why: `${knob}${why}`, next: fix, refused: true }
  const line = (name: string) => new RegExp(`^ {2}${name}: +(.*)$`, 'm').exec(stderr)?.[1]
  const [message = ''] = /^semantos: [\s\S]*? \[SEMANTOS_E_\w+\]$/m.exec(stderr) ?? []
  return { at: line('at') ?? line('plugin') ?? '', why: message, next: line('next') ?? '', refused: false }
}

const REPORTS = new Set(['experiments/', 'experiments/results/', 'experiments/results/run.json', 'experiments/results/summary.csv', 'experiments/results/trials.csv'])

describe('bad input says where, why and what next, and writes nothing', () => {
  test.concurrent.each(CASES)('$name', async ({ config, words = [], csv, status, at, why, next }) => {
    const folder = workspace('bad')
    writeFileSync(join(folder, 'semantos.config.mjs'), config)
    if (csv !== undefined) writeFileSync(join(folder, 'telemetry.csv'), csv)
    const before = tree(folder)
    const ended = await semantos(folder, '--trials', '2', ...words)
    const { refused, ...said } = told(ended)
    const shown = `${ended.stderr}${ended.stdout}`
    expect(said.at, shown).toMatch(at)
    expect(said.why, shown).toMatch(why)
    expect(said.next, shown).toMatch(next)
    expect(ended.status).toBe(status)
    const written = tree(folder).filter((entry) => !before.includes(entry))
    expect(written.filter((entry) => !(refused && REPORTS.has(entry.replace(/ .*/, ''))))).toEqual([])
    expect(before.filter((entry) => !tree(folder).includes(entry))).toEqual([])
  })

  test.each(['tune', 'sweep'])('a pattern of --knobs that fits nothing, for %s', async (command) => {
    const folder = workspace('patterns')
    writeFileSync(join(folder, 'semantos.config.mjs'), withSlot(''))
    const before = tree(folder)
    const ended = await semantos(folder, command, '--knobs', 'vm.*,foo.*')
    expect(ended.status).toBe(2)
    expect(told(ended)).toMatchObject({ at: '--knobs', why: "semantos: no knob of the catalogue is called 'foo.*' [SEMANTOS_E_USAGE]", next: 'Names may hold *, such as vm.*; semantos explain shows every knob.' })
    expect(tree(folder)).toEqual(before)
  })

  test('a word that is missing, also as JSON', async () => {
    const ended = await semantos(scratch('word'), 'diff')
    expect(ended).toEqual({ status: 2, stdout: '', stderr: "semantos: missing required argument 'run' [SEMANTOS_E_USAGE]\n  at:     semantos diff\n  next:   See semantos diff --help.\n" })
    expect(JSON.parse((await semantos(scratch('word'), 'diff', '--json')).stderr)).toMatchObject({ error: { code: 'SEMANTOS_E_USAGE' } })
  })

  test('no config at all', async () => {
    const folder = scratch('empty')
    const ended = await semantos(folder)
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    const { at, why, next } = told(ended)
    expect(at).toBe(folder)
    expect(why).toMatch(/^semantos: no semantos\.config\.\* between .* and the project's root \[SEMANTOS_E_CONFIG_NOT_FOUND\]$/)
    expect(next).toMatch(/^Run semantos init/)
    expect(tree(folder)).toEqual([])
  })

  test('a results folder that cannot be written is told before anything is applied', async () => {
    const folder = workspace('results')
    writeFileSync(join(folder, 'semantos.config.mjs'), withSlot("paths: { results: 'taken/results', sandbox: 'sandbox/sysctl.conf' }"))
    writeFileSync(join(folder, 'taken'), 'a file, not a folder')
    const before = tree(folder)
    const ended = await semantos(folder, '--trials', '2')
    expect(ended.status).toBe(2)
    const { at, why, next } = told(ended)
    expect(at).toMatch(/\/taken\/results\/\S+$/)
    expect(why).toMatch(/a part of the path is a file, not a folder .*\[SEMANTOS_E_WRITE_FAILED\]$/)
    expect(next).toMatch(/^Name another folder, or move that file away/)
    expect(tree(folder)).toEqual(before)
  })

  test('a failure as JSON is one line with code, place and next step', async () => {
    const folder = workspace('json')
    writeFileSync(join(folder, 'semantos.config.mjs'), withSlot('telemtry: []'))
    const { stderr } = await semantos(folder, '--json')
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'SEMANTOS_E_SLOT_UNKNOWN', next: "Did you mean 'telemetry'?" } })
  })
})

test('a sentence of a plugin moves no cursor and writes no line over', async () => {
  const folder = workspace('escape')
  const escape = '\\x1b[2J\\x1b]0;owned\\x07\\rfine'
  const rationale = recommends("'vm.swappiness'", '10').replace("rationale: 'bad'", `rationale: '${escape}'`)
  writeFileSync(join(folder, 'semantos.config.mjs'), withSlot(`reasoning: ${rationale}`))
  for (const words of [['plan'], ['plan', '--json'], ['--trials', '2']]) {
    const { stdout, stderr, status } = await semantos(folder, ...words)
    expect(status).toBe(0)
    expect(`${stdout}${stderr}`).toContain('owned')
    expect(`${stdout}${stderr}`).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/)
  }
})

describe('a signal in the middle', () => {
  /** A sandbox of an earlier run, and a run that is stopped once `reached` is so. */
  async function stopped(signal: NodeJS.Signals, config: string, words: readonly string[], reached: (experiments: string) => boolean): Promise<string> {
    const folder = workspace('signal')
    const experiments = join(folder, 'experiments')
    mkdirSync(join(experiments, 'sandbox'), { recursive: true })
    writeFileSync(join(experiments, 'sandbox/sysctl.conf'), EARLIER)
    writeFileSync(join(folder, 'semantos.config.mjs'), config)
    const child = spawn(process.execPath, [bin, ...words], { cwd: folder })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    await expect.poll(() => reached(experiments), { interval: 10 }).toBe(true)
    child.kill(signal)
    const status = await new Promise((resolve) => child.on('close', resolve))
    expect(status).toBe(130)
    expect(stderr).toMatch(new RegExp(`stopped by ${signal}; whatever was applied has been taken back`))
    expect(tree(experiments).filter((path) => /trials|summary|run\.json/.test(path))).toEqual([])
    return readFileSync(join(experiments, 'sandbox/sysctl.conf'), 'utf8')
  }

  const EARLIER = '# what an earlier run left\nvm.swappiness = 42\n'
  const sandboxOf = (experiments: string) => readFileSync(join(experiments, 'sandbox/sysctl.conf'), 'utf8')

  test.each(['SIGINT', 'SIGTERM'] as const)('%s during the trials before a change: the sandbox is as before, byte for byte, and a message says so', async (signal) => {
    // The trials that are under way have a hidden file.
    const underWay = (experiments: string) => existsSync(join(experiments, 'results')) && readdirSync(join(experiments, 'results')).some((path) => path.startsWith('.trials.csv.'))
    expect(await stopped(signal, withSlot(''), ['--trials', '1000000'], underWay)).toBe(EARLIER)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s after a step was applied: the sandbox takes its values back', async (signal) => {
    const hangs = "definePlugin({ name: 'hangs', stage: 'any', api: 1, options, setup(kernel) { kernel.hooks.observe.tapPromise('hang', () => new Promise(() => {})) } })()"
    const sandbox = await stopped(signal, withSlot(`plugins: ${hangs}`), ['--trials', '2'], (experiments) => sandboxOf(experiments).includes('# --- APPLY @ '))
    const [, applied = '', takenBack = ''] = /# --- APPLY @ \S+ ---\n([\s\S]*?)\n\n# --- ROLLBACK @ \S+ ---\n([\s\S]*)\n$/.exec(sandbox) ?? []
    const knobs = (section: string) => section.split('\n').map((line) => line.replace(/ = .*/, '')).sort()
    expect(knobs(applied)).toHaveLength(3)
    expect(knobs(takenBack)).toEqual(knobs(applied))
    expect(takenBack).toContain('net.core.somaxconn = 4096')
  })
})

describe('a harmful plan', () => {
  test('is measured as harmful, taken back, and the exit status says so', async () => {
    const folder = workspace('harm')
    writeFileSync(join(folder, 'semantos.config.mjs'), withSlot(`reasoning: ${recommends("'kernel.sched_min_granularity_ns'", '12000000')}`))
    const ended = await semantos(folder, '--trials', '6')
    expect(ended.status).toBe(4)
    expect(ended.stdout).toMatch(/roll back/)
    expect(ended.stdout).toMatch(/taken back: kernel\.sched_min_granularity_ns/)
    expect(readFileSync(join(folder, 'experiments/sandbox/sysctl.conf'), 'utf8')).toMatch(/# --- ROLLBACK @ .*---\nkernel\.sched_min_granularity_ns = 3000000\n/)
  })
})
