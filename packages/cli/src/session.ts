import { loadConfig, loadWorkload, type ResolvedConfig } from '@semantos/engine'
import type { Kernel } from '@semantos/core/kernel'
import { changesKernel, chosenPlugins } from './chosen-plugins.js'
import { closeAll, withClosing } from './shutdown.js'
import { createKernel } from './create-kernel.js'
import { checkPatterns } from './knob-patterns.js'
import { scopeOf } from './netns.js'
import type { ConfigOptions } from './options.js'
import type { ReasonerOptions } from './reasoner-options.js'
import { runId } from './run-id.js'
import { stopOnSignal, unlessStopped } from './signals.js'
import { StrayErrors } from './stray-errors.js'
import { startTrace } from './trace.js'
import { commitTo, openJournal } from './writing.js'

export interface Session {
  readonly config: ResolvedConfig
  readonly kernel: Kernel
  readonly seed: number
  readonly run: string
  /** The name of the journal that the run keeps; null where it changes no kernel. */
  readonly journal: string | null
  /** Lets what was applied stay; without it, everything is taken back when the session ends. */
  readonly commit: (confirmWithinMs?: number) => void
}

export interface SessionOptions extends ConfigOptions, ReasonerOptions {
  readonly seed?: number
  /** A workload instead of the config's. */
  readonly workload?: string
  /** Nothing but errors is printed. */
  readonly quiet?: boolean
  /** Leave to change values of the running kernel. */
  readonly apply?: boolean
  /** False: no process watches over the run. */
  readonly guard?: boolean
  /** Failures are told as JSON. */
  readonly json?: boolean
}

/**
 * Loads the config, sets the kernel up, works, and closes everything: also after a failure and on a signal. `show` is handed the result
 * also where closing fails after it: what stands applied must be known.
 */
export async function withSession<T>(options: SessionOptions, work: (session: Session) => Promise<T>, show: (result: T) => void = () => undefined): Promise<T> {
  const scope = await scopeOf(options.netns)
  const stop = new AbortController()
  using _signals = stopOnSignal(stop)
  using _trace = startTrace(options)
  const config = await unlessStopped(stop.signal, configFor(options))
  const plugins = chosenPlugins(config, options)
  const seed = options.seed ?? config.seed
  const run = runId(config.fixedTime, seed)
  const journal = options.apply && changesKernel(plugins) ? await openJournal(options, run, scope) : null
  using stray = new StrayErrors(plugins.map(({ plugin }) => plugin), stop)
  const kernel = await createKernel({ config, plugins, options, seed, scope, journal, signal: stop.signal })
  stray.ask(kernel)
  const commit = (confirmWithinMs?: number) => {
    if (stray.first) throw stray.first
    if (journal) commitTo(journal, config, options, confirmWithinMs)
  }
  let result: T
  try {
    checkPatterns(kernel.catalogue, config.knobs, 'SEMANTOS_E_CONFIG_INVALID', `${config.origins.get('knobs') ?? config.file}: knobs`)
    result = await work({ config, kernel, seed, run: journal?.id ?? run, journal: journal?.id ?? null, commit })
  } catch (error) {
    throw withClosing(error, await closeAll(kernel, journal))
  }
  const failure = (await closeAll(kernel, journal)) ?? stray.first
  show(result)
  if (failure) throw failure
  return result
}

async function configFor({ workload, config }: SessionOptions): Promise<ResolvedConfig> {
  const folder = process.cwd()
  return loadConfig(folder, config ?? null, workload === undefined ? null : await loadWorkload(folder, workload))
}
