import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
  readonly status: number
  readonly says: RegExp
}

const withSlot = (slot: string) => `${HEAD}export default { ...reproduction(), ${slot} }`

const CSV = "import csv from '@semantos/telemetry-csv'\n"
const withCsv = (options: string) => `${CSV}${withSlot(`telemetry: csv(${options})`)}`

const CASES: readonly Case[] = [
  { name: 'a config that cannot be parsed', config: 'export default {\n  seed: 1\n  trials: 2 }', status: 2, says: /SEMANTOS_E_CONFIG_UNREADABLE[\s\S]*semantos\.config\.mjs:3/ },
  { name: 'trials 0 in the config', config: withSlot('trials: 0'), status: 2, says: /semantos\.config\.mjs: trials/ },
  { name: 'a mistyped knob in the config', config: withSlot("knobs: ['vm.*', 'vm.swapiness']"), status: 2, says: /no knob of the catalogue is called 'vm\.swapiness'[\s\S]*semantos\.config\.mjs: knobs[\s\S]*Did you mean vm\.swappiness/ },
  { name: 'an unknown option of a plugin', config: withCsv("{ file: 'telemetry.csv', fiel: 1 }"), status: 2, says: /telemetry[\s\S]*fiel/ },
  { name: 'a recording that is not there', config: withCsv("{ file: 'telemetry.csv' }"), status: 2, says: /telemetry\.csv/ },
  { name: 'a truncated recording', config: withCsv("{ file: 'telemetry.csv' }"), csv: 'p95_ms,irq_rate,load\n182.3,21000,9.4\n171.8,12', status: 2, says: /SEMANTOS_E_DATA_INVALID[\s\S]*telemetry\.csv/ },
  { name: 'a wrong value in a recording', config: withCsv("{ file: 'telemetry.csv' }"), csv: 'p95_ms,irq_rate,load\n182.3,many,9.4\n', status: 2, says: /SEMANTOS_E_DATA_INVALID[\s\S]*telemetry\.csv/ },
  { name: 'an unknown slot', config: withSlot('telemtry: []'), status: 2, says: /semantos\.config\.mjs: telemtry[\s\S]*Did you mean 'telemetry'/ },
  { name: 'no reasoner', config: withSlot('reasoning: []'), status: 2, says: /slot 'reasoning' is empty/ },
  { name: 'no guard', config: withSlot('guardrails: []'), status: 2, says: /slot 'guardrails' is empty/ },
  { name: 'a plugin that throws', config: withSlot(`reasoning: ${plugin('reasoning', "kernel.hooks.reason.tapPromise('x', () => { throw new Error('ouch') })")}`), status: 2, says: /bad failed in reason: ouch/ },
  { name: 'a plugin that hangs', config: withSlot(`time_limits_ms: { reason: 200 }, reasoning: ${plugin('reasoning', "kernel.hooks.reason.tapPromise('x', () => new Promise(() => {}))")}`), status: 2, says: /bad did not answer reason within 200 ms/ },
  { name: 'a plugin that returns nonsense', config: withSlot(`reasoning: ${plugin('reasoning', "kernel.hooks.reason.tapPromise('x', () => ({ recommendations: 'all' }))")}`), status: 3, says: /SEMANTOS_E_PLUGIN_OUTPUT[\s\S]*plugin: bad, hook reason/ },
  { name: 'another version of the contract', config: `${HEAD}export default { ...reproduction(), reasoning: definePlugin({ name: 'bad', stage: 'reasoning', api: 2, options, setup() {} })() }`, status: 2, says: /version 2 of the plugin contract; this core has version 1/ },
  { name: 'two plugins that add one metric', config: withSlot(`telemetry: [...reproduction().telemetry ? [reproduction().telemetry].flat() : [], ${plugin('telemetry', "kernel.hooks.collect.tapPromise('x', (into) => into.add({ name: 'load', value: 1, unit: 'tasks' }))")}]`), status: 2, says: /metric load was added twice, by @semantos\/telemetry-synthetic and bad/ },
  { name: 'a knob outside the catalogue', config: withSlot(`reasoning: ${recommends("'kernel.core_pattern'", '1')}`), status: 3, says: /kernel\.core_pattern is not in the catalogue/ },
  { name: 'a knob out of bounds', config: withSlot(`reasoning: ${recommends("'vm.swappiness'", '999')}`), status: 3, says: /vm\.swappiness = 999 is outside/ },
  ...[
    ['NaN', 'Number.NaN'], ['Infinity', 'Infinity'], ['-0', '-0'], ['a huge integer', '2 ** 60'], ['a line break', "'1\\n2'"], ['nothing', 'undefined'],
  ].map(([name = '', value = '']): Case => ({ name: `the value ${name}`, config: withSlot(`reasoning: ${recommends("'vm.swappiness'", value)}`), status: 3, says: /SEMANTOS_E_PLUGIN_OUTPUT/ })),
  { name: 'a word for a number', config: withSlot(`reasoning: ${recommends("'vm.swappiness'", "'ten'")}`), status: 3, says: /vm\.swappiness = ten is not a whole number/ },
  ...["'vm/../../etc/passwd'", "'net.core.somaxconn/../x'", "'vm.swappiness\\u0000'", "'vm.swapp\\u0456ness'"].map(
    (knob): Case => ({ name: `the knob ${knob}`, config: withSlot(`reasoning: ${recommends(knob, '10')}`), status: 3, says: /must be a knob name[\s\S]*SEMANTOS_E_PLUGIN_OUTPUT/ }),
  ),
  { name: 'trials 0', config: withSlot(''), words: ['--trials', '0'], status: 2, says: /whole number from 1[\s\S]*SEMANTOS_E_USAGE\]\n {2}next: +See semantos --help\./ },
  { name: 'negative trials', config: withSlot(''), words: ['--trials', '-3'], status: 2, says: /whole number from 1/ },
  { name: 'an unknown option', config: withSlot(''), words: ['--sead', '1'], status: 2, says: /^semantos: unknown option '--sead' \[SEMANTOS_E_USAGE\]\n {2}next: +Did you mean --seed\?\n$/ },
  { name: 'an unknown applier', config: withSlot(''), words: ['--applier', 'sandbx'], status: 2, says: /no applier called 'sandbx'[\s\S]*sandbox, sysctl/ },
]

describe('bad input says where, why and what next, and writes nothing', () => {
  test.concurrent.each(CASES)('$name', async ({ config, words = [], csv, status, says }) => {
    const folder = workspace('bad')
    writeFileSync(join(folder, 'semantos.config.mjs'), config)
    if (csv !== undefined) writeFileSync(join(folder, 'telemetry.csv'), csv)
    const before = tree(folder)
    const ended = await semantos(folder, '--trials', '2', ...words)
    expect(`${ended.stderr}${ended.stdout}`).toMatch(says)
    expect(ended.status).toBe(status)
    expect(tree(folder).filter((path) => !path.startsWith('experiments/results/run.json') && !path.startsWith('experiments/results/summary.csv') && !path.startsWith('experiments/results/trials.csv') && !/^experiments(\/results)? /.test(path))).toEqual(before)
  })

  test.each(['tune', 'sweep'])('a pattern of --knobs that fits nothing, for %s', async (command) => {
    const folder = workspace('patterns')
    writeFileSync(join(folder, 'semantos.config.mjs'), withSlot(''))
    const { status, stderr } = await semantos(folder, command, '--knobs', 'vm.*,foo.*')
    expect(status).toBe(2)
    expect(stderr).toMatch(/no knob of the catalogue is called 'foo\.\*'[\s\S]*--knobs/)
  })

  test('a word that is missing, also as JSON', async () => {
    const ended = await semantos(scratch('word'), 'diff')
    expect(ended).toEqual({ status: 2, stdout: '', stderr: "semantos: missing required argument 'run' [SEMANTOS_E_USAGE]\n  next:   See semantos diff --help.\n" })
    expect(JSON.parse((await semantos(scratch('word'), 'diff', '--json')).stderr)).toMatchObject({ error: { code: 'SEMANTOS_E_USAGE' } })
  })

  test('no config at all', async () => {
    const ended = await semantos(scratch('empty'))
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toMatch(/SEMANTOS_E_CONFIG_NOT_FOUND[\s\S]*semantos init/)
  })

  test('a results folder that cannot be written is told before anything is applied', async () => {
    const folder = workspace('results')
    writeFileSync(join(folder, 'semantos.config.mjs'), withSlot("paths: { results: 'taken/results', sandbox: 'sandbox/sysctl.conf' }"))
    writeFileSync(join(folder, 'taken'), 'a file, not a folder')
    const ended = await semantos(folder, '--trials', '2')
    expect(ended.status).toBe(2)
    expect(ended.stderr).toMatch(/SEMANTOS_E_WRITE_FAILED[\s\S]*taken\/results/)
    expect(tree(folder).some((path) => path.startsWith('sandbox/'))).toBe(false)
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
  test.each(['SIGINT', 'SIGTERM'] as const)('%s: the sandbox is as before, and a message says so', async (signal) => {
    const folder = workspace('signal')
    mkdirSync(join(folder, 'experiments'))
    writeFileSync(join(folder, 'semantos.config.mjs'), withSlot(''))
    const child = spawn(process.execPath, [bin, '--trials', '1000000'], { cwd: folder })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const results = join(folder, 'experiments', 'results')
    // The trials that are under way have a hidden file.
    await expect.poll(() => existsSync(results) && tree(results).some((path) => path.startsWith('.trials.csv.')), { interval: 10 }).toBe(true)
    child.kill(signal)
    const status = await new Promise((resolve) => child.on('close', resolve))
    expect(status).toBe(130)
    expect(stderr).toMatch(new RegExp(`stopped by ${signal}; whatever was applied has been taken back`))
    expect(tree(join(folder, 'experiments')).filter((path) => /trials|summary|run\.json/.test(path))).toEqual([])
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
