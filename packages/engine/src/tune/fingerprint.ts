import { Goal, KnobRef, KnobValue, z } from '@semantos/core'
import { semantosVersion } from '../cycle/version.js'
import { type KnobState, valuesOf } from '../cycle/knobs.js'
import { pluginVersion } from '../cycle/plugin-version.js'
import { type Kernel, namedPlugin } from '@semantos/core/kernel'
import type { TuneSettings } from './settings.js'

/** Null where there is no limit: JSON has no word for infinity. */
const Budget = z.strictObject({ trials: z.number().nullable(), ms: z.number().nullable() })

/**
 * Under what a tune began: its trials hold for nothing else, so they are gone on with only where all of it is the same. `--apply` is not
 * in it: a first look and the tune after it measure one baseline.
 */
export const Beginning = z.strictObject({
  kind: z.literal('semantos-trials'),
  schema_version: z.literal(1),
  workload: z.string(),
  /** All that decide, the core first, each with its version and its options: no reports. */
  software: z.array(z.string()).readonly(),
  config: z.string().nullable(),
  seed: z.int(),
  goal: Goal,
  slo_p95_ms: z.number(),
  knobs: z.string(),
  /** Whether the knobs were named for this tune. */
  asked: z.boolean(),
  min_effect_pct: z.number(),
  alpha: z.number(),
  settle_ms: z.number(),
  guard_tolerance_pct: z.number(),
  budget: Budget,
  kernel: z.string(),
  boot_id: z.string(),
  baseline: z.record(KnobRef, KnobValue),
})
export type Beginning = z.infer<typeof Beginning>

export function beginningOf(kernel: Kernel, settings: TuneSettings, state: KnobState): Beginning {
  const { config, seed, goal, slo, knobs, asked, minEffectPct, alpha, settleMs, guardTolerancePct, budget } = settings
  const deciding = kernel.plugins.filter(({ stage }) => stage !== 'report' && stage !== 'workload')
  const workload = kernel.plugins.find(({ stage }) => stage === 'workload')
  return {
    kind: 'semantos-trials',
    schema_version: 1,
    workload: workload === undefined ? 'none' : `${namedPlugin(workload)} of version ${pluginVersion(workload)}`,
    software: [`@semantos/core of version ${semantosVersion()}`, ...deciding.map((plugin) => `${namedPlugin(plugin)} of version ${pluginVersion(plugin)}`)],
    config,
    seed,
    goal,
    slo_p95_ms: slo.p95_ms,
    knobs: knobs.join(','),
    asked,
    min_effect_pct: minEffectPct,
    alpha,
    settle_ms: settleMs,
    guard_tolerance_pct: guardTolerancePct,
    budget: { trials: finite(budget.trials), ms: finite(budget.ms) },
    kernel: textOf(kernel, '/proc/sys/kernel/osrelease'),
    boot_id: textOf(kernel, '/proc/sys/kernel/random/boot_id'),
    baseline: Object.fromEntries(valuesOf(state.readings)),
  }
}

function finite(limit: number): number | null {
  return Number.isFinite(limit) ? limit : null
}

/** Empty where there is no such file, as in a folder that stands for a host. */
function textOf({ host }: Kernel, path: string): string {
  const read = host.open(path).read()
  return 'text' in read ? read.text.trim() : ''
}
