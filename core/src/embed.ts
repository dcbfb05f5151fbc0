/**
 * The parts behind the command line, for programs that embed the kernel and for test kits. Plugins need `@semantos/core` only.
 */
export {
  type Draft, EvidenceDraft, KnobsDraft, NotesDraft, ObservationsDraft, ReadingsDraft, SnapshotDraft, VerdictDraft, WatchDraft,
} from './kernel/drafts.js'
export { shuffled, streams } from './kernel/random.js'
export { type ResolvedConfig, type WorkloadEntry, loadConfig, loadWorkload } from './config/load.js'
export { type CheckedPlugin, Kernel, type KernelParts, type TimeLimits } from './kernel/kernel.js'
export type { Hooks, HookName } from './kernel/hooks.js'
export type { Chain, First, Gather, HookKind, Tell } from './kernel/hook.js'
export type { Call, HookEvent } from './kernel/call.js'
export * from './host/index.js'
export { runCycle } from './cycle/cycle.js'
export { type KnobState, readKnobs } from './cycle/knobs.js'
export type { RunSettings } from './cycle/settings.js'
export { addEdges } from './sweep/edge-file.js'
export { sweep } from './sweep/sweep.js'
export type { KnownInteraction, PairResult, SweepReport, SweepSettings, Truth } from './sweep/report.js'
export { type Arm as TuneArm, BASELINE } from './tune/arm.js'
export { Bench } from './tune/bench.js'
export { type Tuned, tune } from './tune/tune.js'
export type { Beginning } from './tune/beginning.js'
export { TrialLog } from './tune/trial-log.js'
export { TUNE_DEFAULTS, type TuneProgress, type TuneSettings } from './tune/settings.js'
