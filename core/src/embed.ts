/**
 * The parts behind the command line, for programs that embed the kernel and for test kits. Plugins need `@semantos/core` only.
 */
export * from './kernel/drafts.js'
export { streams } from './kernel/random.js'
export { type ResolvedConfig, loadConfig, loadWorkload } from './config/load.js'
export { type CheckedPlugin, Kernel, type KernelParts } from './kernel/kernel.js'
export type { Hooks, HookName } from './kernel/hooks.js'
export * from './host/index.js'
export { runCycle } from './cycle/cycle.js'
export { readKnobs } from './cycle/knobs.js'
export type { RunSettings } from './cycle/settings.js'
export { addEdges } from './sweep/edge-file.js'
export { sweep } from './sweep/sweep.js'
export type { SweepReport, SweepSettings } from './sweep/report.js'
export { BASELINE, Bench } from './tune/bench.js'
export { tune } from './tune/tune.js'
export { TrialLog } from './tune/trial-log.js'
export { TUNE_DEFAULTS, type TuneSettings } from './tune/settings.js'
