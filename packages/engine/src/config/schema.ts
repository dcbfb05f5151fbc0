import { isPlugin, type Plugin, z } from '@semantos/core'

const WithOptions = z.strictObject({ use: z.string().min(1), options: z.record(z.string(), z.unknown()).default({}), id: z.string().min(1).optional() })
/** What an entry may hold in data. */
export const ENTRY_KEYS = Object.keys(WithOptions.shape)

const Named = z.union([z.string().min(1), WithOptions])
const Instance = z.custom<Plugin>(isPlugin)
const Entry = z.union([Instance, Named], {
  error: 'must be a plugin (what a factory such as procfs() returns), the name of its package, or { use: name, options: { … } }',
})
export type Entry = z.infer<typeof Entry>

const Slot = z.union([z.array(Entry), Entry.transform((entry) => [entry])], {
  error: 'must be a plugin (call its factory: procfs()), the name of its package, { use: name, options: { … } }, or a list of these',
})

/** Node's timers take no more: a longer one fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

const RelativePath = z.string().min(1).regex(/^[^\0\n]+$/)

const CLOCK = { error: "must be 'system' or an ISO time such as 2026-01-01T00:00:00Z" }

/** What a value of another kind should look like. */
function like(words: string) {
  return { error: ({ code }: { readonly code?: string }) => (code === 'invalid_type' ? `must be ${words}` : undefined) }
}

/** The shape of a config once presets are folded in. Slots are lists; plugins are checked one by one afterwards. */
export const ConfigShape = z.strictObject({
  name: z.string().min(1).default('unnamed'),
  seed: z.int().min(0).default(42),
  trials: z.int().min(1).max(1_000_000).default(16),
  knobs: z.array(z.string().min(1), like("a list of names and patterns, such as ['vm.*']")).min(1).default(['*']),
  slo: z.strictObject({ p95_ms: z.number().positive() }, like('such as { p95_ms: 120 }')).default({ p95_ms: 120 }),
  clock: z.union([z.literal('system'), z.iso.datetime(CLOCK)], CLOCK).default('system'),
  time_limits_ms: z.record(z.string(), z.number().positive().max(LONGEST_TIMER_MS)).default({}),
  paths: z
    .strictObject({ sandbox: RelativePath.optional(), knowledge: RelativePath.optional(), results: RelativePath.optional(), backup: RelativePath.optional() })
    .default({}),
  telemetry: Slot.default([]),
  knowledge: Slot.default([]),
  reasoning: Slot.default([]),
  guardrails: Slot.default([]),
  rollout: Slot.default([]),
  applier: Slot.default([]),
  monitoring: Slot.default([]),
  workload: Slot.default([]),
  evaluation: Slot.default([]),
  report: Slot.default([]),
  plugins: Slot.default([]),
})
export type ConfigShape = z.infer<typeof ConfigShape>
