import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { knobOf } from '../faults/fake-root.js'
import { Catalogue, Knob, type KnobRef, type KnobValue } from '@semantos/core'
import { type Exported, EXPORTERS, readExport } from '@semantos/formats'

/** An enum that takes any word. */
const anyWord = { kind: 'enum', values: [{ value: 'a', meaning: 'nothing' }], brackets: false, open: true } as const
/** Every kind of knob. */
export const catalogue = Catalogue.of([
  ...Knob.array().parse(JSON.parse(readFileSync(new URL('../../packages/formats/src/fixtures/knobs.json', import.meta.url), 'utf8'))),
  knobOf('net.test.word', { type: anyWord, where: { netns: 'namespaced' } }),
  knobOf('fs.word', { type: anyWord }),
  knobOf('disk.word', { type: anyWord, where: { interface: 'sysfs', path: 'block/*/queue/word', per: 'block-device' }, persist: 'udev' }),
  knobOf('mm.word', { type: anyWord, where: { interface: 'sysfs', path: 'kernel/mm/word' }, persist: 'tmpfiles' }),
  knobOf('net.ipv4.conf.medium_id', { where: { path: 'net/ipv4/conf/*/medium_id', per: 'net-device', netns: 'namespaced' } }),
])

export interface Wish {
  readonly knob: KnobRef
  readonly from: KnobValue
  readonly to: KnobValue
  readonly rationale?: string
}

export function planText(changes: readonly Wish[]): string {
  return JSON.stringify({
    kind: 'semantos-plan',
    schema_version: 2,
    created: '2026-01-01T00:00:00Z',
    expires: '2026-01-08T00:00:00Z',
    host: { name: 'web1', kernel: '6.18.0', boot_id: 'b' },
    config: '/semantos.config.ts',
    netns: null,
    changes: changes.map((change) => ({ rationale: 'because', cues: [], expected: { metric: 'p95_ms', change_pct: 0 }, uncertainty: 0, proposed_by: 'test', changed_by: [], risk: 'low', takes_effect: 'at once', survives_reboot: 'with --persist', ...change })),
    digest: '0'.repeat(64),
  })
}

export function exported(format: keyof typeof EXPORTERS, changes: readonly Wish[]): Exported {
  return EXPORTERS[format](read(planText(changes)))
}

export const read = (text: string) => readExport(text, 'plan.json', catalogue)

export function report(outcome: string): string {
  const plan = { recommendations: [{ ...RECOMMENDATION, knob: 'vm.swappiness', value: 10 }], advice: [] }
  return JSON.stringify({
    schema_version: 1,
    run: 'r1',
    time: '2026-01-01T00:00:00Z',
    seed: 1,
    workload: null,
    slo: { p95_ms: 120 },
    outcome,
    snapshot: { time: '2026-01-01T00:00:00Z', host: null, metrics: [], missing: [] },
    evidence: { edges: [], traces: [], documents: [] },
    readings: [],
    plan,
    verdict: { allowed: true, guards: [], violations: [] },
    changes: [{ knob: 'vm.swappiness', from: 60, to: 10 }],
    steps: [{
      step: { knobs: ['vm.swappiness'], host_share: 1 },
      applied: outcome === 'applied' ? [{ knob: 'vm.swappiness', before: 60, wanted: 10, stored: 11 }] : [],
      observations: [],
      judgement: { decision: 'promote', reasons: [] },
    }],
    undone: [],
    post_p95_ms: null,
    evaluation: { trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: 'nothing' },
    plugins: [],
  })
}

const RECOMMENDATION = {
  rationale: 'less swapping', cues: [], expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.1, rules: [], edges: [], traces: [], documents: [], proposed_by: 'p', changed_by: [],
}

export const CHANGES: readonly Wish[] = [
  { knob: 'vm.swappiness', from: 60, to: 10, rationale: 'less swapping' },
  { knob: 'net.core.somaxconn', from: 4096, to: 8192, rationale: 'accept queues overflowed 12 times a second\n# and "more"' },
  { knob: 'net.ipv4.tcp_rmem', from: [4096, 131072, 6291456], to: [4096, 131072, 16777216] },
  { knob: 'fs.mqueue.msg_max', from: 10, to: 100 },
  { knob: 'block.read_ahead_kb[vda]', from: 128, to: 4096 },
  { knob: 'thp.enabled', from: 'always', to: 'madvise' },
]

/** What people could put into a plan to have it mean something else where it is read. */
const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\n', '\r\nvm.swappiness=1', '\u2028', '\u0000', '#', '*/', "'; touch /var/x #", '$(id)', '`id`', '${x}', '{{ lookup("pipe", "id") }}', '--- {a: b}', '\u001b[31m'),
)
export const hostileWord = fc.oneof(
  fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/),
  fc.constantFrom("';id;'", '"', "'", '\\', '$(id)', '`id`', '${f:exec:id}', '${x}', '>1', '<1', '# x', 'a # b', 'a #b', '{{ x }}', '{% x %}', '- - a: b', 'yes', '0x10', '!tag', '&a', '*a', '%b', '$$', '-n', '=', '[a]', '"a"', 'a\\nb', '~'),
)
export const hostile = fc.uniqueArray(
  fc.tuple(fc.constantFrom('net.test.word', 'fs.word', 'disk.word[vda]', 'disk.word[a.b:c@d-e]', 'mm.word'), hostileWord, hostileText).map(([knob, to, rationale]): Wish => ({ knob, from: 'a', to, rationale: rationale || 'because' })),
  { selector: ({ knob }) => knob },
)

/** What an export says, read back, beside what it left out, must be what was asked for. */
export function sameAs(changes: readonly Wish[], readBack: readonly { readonly knob: string; readonly value: KnobValue }[], { left }: Exported): void {
  const gone = new Set(left.map(({ knob }) => knob))
  expect(new Map(readBack.map(({ knob, value }) => [knob, value]))).toEqual(new Map(changes.filter(({ knob }) => !gone.has(knob)).map(({ knob, to }) => [knob, to])))
  expect(left.every(({ reason }) => reason !== '')).toBe(true)
}

export const missing = (command: string, argument = '--version') => spawnSync(command, [argument]).status !== 0

/** The documents of a YAML text; parsing must find nothing to complain about. */
export function documentsOf(text: string): unknown[] {
  const documents = parseAllDocuments(text, { version: '1.1' })
  if (!Array.isArray(documents)) throw new Error('no document')
  return documents.map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([])
    const json: unknown = document.toJS()
    return json
  })
}
