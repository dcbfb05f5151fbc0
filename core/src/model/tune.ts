import { z } from 'zod'
import { TrialResult } from './evaluation.js'
import { KnobRef } from './knob.js'
import { Plan } from './plan.js'
import { Snapshot } from './telemetry.js'
import { Finite, KnobValue } from './value.js'

/** What a tune improves: a percentile of the latency, or throughput. */
export const Goal = z.enum(['p50', 'p95', 'p99', 'throughput'])
export type Goal = z.infer<typeof Goal>

/** One trial as it is written to disk the moment it ends. `metrics` is what the kernel counted meanwhile. */
export const TuneTrial = z.strictObject({
  number: z.int().min(1),
  phase: z.enum(['noise', 'screen', 'confirm', 'heal']),
  /** `baseline`, or the id of the candidate whose values stood. */
  arm: z.string().min(1),
  started: z.iso.datetime(),
  duration_ms: z.number().min(0),
  result: TrialResult,
  metrics: z.record(z.string(), Finite),
})
export type TuneTrial = z.infer<typeof TuneTrial>

/** A knob and the value that it is to have. */
export const Setting = z.strictObject({ knob: KnobRef, value: KnobValue })
export type Setting = z.infer<typeof Setting>

/**
 * A ratio below 1 is an improvement of a latency; above 1, of throughput. `interval` is Hodges-Lehmann's: it holds 95% from four blocks on; of three it
 * is the whole range of the ratios and holds 90%, of two 67%. `bootstrap`, of the ratio of medians, holds as much, but of four blocks 94% (simulated, with log-normal noise).
 */
export const Effect = z.strictObject({ ratio: z.number(), interval: z.tuple([z.number(), z.number()]), bootstrap: z.tuple([z.number(), z.number()]) })
export type Effect = z.infer<typeof Effect>

/**
 * What a comparison found; `words` has the numbers. `no difference`: the interval lies within the noise floor, to either side. `inconclusive`: none
 * of the others is shown, also where a comparison was given up because an improvement had become unlikely.
 */
export const TuneVerdict = z.enum(['better', 'worse', 'no difference', 'inconclusive'])
export type TuneVerdict = z.infer<typeof TuneVerdict>

/** One comparison of a candidate with what stood before it, in interleaved blocks. */
export const Comparison = z.strictObject({
  candidate: z.string(),
  settings: z.array(Setting).readonly(),
  against: z.array(Setting).readonly(),
  blocks: z.int().min(0),
  p_value: z.number().min(0).max(1),
  effects: z.record(Goal, Effect),
  verdict: TuneVerdict,
  words: z.string(),
  /** Guard metrics that got worse. */
  guards: z.array(z.string()).readonly(),
  kept: z.boolean(),
})
export type Comparison = z.infer<typeof Comparison>

/** A candidate that was not compared, and why: refused by a guard, not seen by the workload, or not promising. */
export const Skipped = z.strictObject({ candidate: z.string(), settings: z.array(Setting).readonly(), reason: z.string() })
export type Skipped = z.infer<typeof Skipped>

/** The noise floor: the same setting twice. Ratios are factors: 1.05 is 5%. */
export const Noise = z.strictObject({
  pairs: z.int(),
  /** Standard deviation of the logarithm of the ratio of two identical trials; at least 0.01, since trials that agree more closely were cut off alike. */
  sd_log: z.number(),
  /** What an effect must clear: the larger of what two identical arms typically differ by and the minimum effect. */
  floor_ratio: z.number(),
  /** Blocks after which an effect of this size is called better in four of five comparisons; null where it is not after 100, or within the floor. */
  blocks_needed: z.array(z.strictObject({ effect_pct: z.number(), blocks: z.int().nullable() })).readonly(),
})
export type Noise = z.infer<typeof Noise>

/** What the tuner itself took of the machine. CPU in percent of one core, without the workload's own processes. */
const TuneCost = z.strictObject({
  /** While trials ran, what is counted and written down around each included, and `helpers`. */
  trial_cpu_pct: z.number(),
  /** Over the whole tune: reasoning, statistics and changes included. Of this program alone. */
  cpu_pct: z.number(),
  /** With `helpers`. */
  memory_mb: z.number(),
  /** Of that, the processes that it started: the guard, and what plugins started to count with. Without the ends of those that end with a trial. */
  helpers: z.strictObject({ names: z.array(z.string()).readonly(), trial_cpu_pct: z.number(), memory_mb: z.number() }),
  /** Reading the knobs on trial, both looks at the kernel's counters, and the trial's line on the disk. */
  bookkeeping_ms_per_trial: z.number(),
  /** Applying and taking back, each change journalled and on the disk before it is made. */
  changing_ms_per_trial: z.number(),
})

/** What measured, and what is needed to measure the same again. */
const MeasuredWorkload = z.strictObject({
  /** As memory knows it: another name, another workload. */
  name: z.string(),
  plugin: z.string(),
  version: z.string(),
  /** Defaults filled in, secrets as `[secret]`. */
  options: z.json(),
  /** The file, or the preset of the config, in which it stands; null where a program handed it over. */
  origin: z.string().nullable(),
})

/** A whole tune: what was found, what was tried, what was kept. */
export const TuneReport = z.strictObject({
  kind: z.literal('semantos-tune'),
  schema_version: z.literal(1),
  run: z.string(),
  started: z.iso.datetime(),
  ended: z.iso.datetime(),
  /** The words of the command line behind the program's name; none where a program tuned by itself. */
  command: z.array(z.string()).readonly(),
  /** The folder in which it was given, to which its files are relative; empty where a program tuned by itself. */
  folder: z.string(),
  software: z.strictObject({ semantos: z.string(), node: z.string(), plugins: z.array(z.strictObject({ id: z.string(), version: z.string() })).readonly() }),
  /** The run in whose journal the writes stand: another one than `run` where a tune was resumed; null where there is no journal. */
  journal: z.string().nullable(),
  seed: z.int(),
  goal: Goal,
  /** The p95 to keep. */
  slo: z.strictObject({ p95_ms: z.number() }),
  workload: MeasuredWorkload,
  /** The config's file; null where a program tuned by itself. */
  config: z.string().nullable(),
  outcome: z.enum(['measured only', 'kept', 'nothing kept', 'too noisy', 'interrupted', 'not healed']),
  snapshot: Snapshot,
  plan: Plan,
  noise: Noise.nullable(),
  comparisons: z.array(Comparison).readonly(),
  skipped: z.array(Skipped).readonly(),
  kept: z.array(Setting).readonly(),
  baseline: z.array(Setting).readonly(),
  /** Kept against the baseline, all in one; null where nothing was kept. */
  final: z.record(Goal, Effect).nullable(),
  heal: z.strictObject({ values_restored: z.boolean(), ratio: z.number().nullable(), words: z.string() }).nullable(),
  trials: z.array(TuneTrial).readonly(),
  cost: TuneCost,
})
export type TuneReport = z.infer<typeof TuneReport>
