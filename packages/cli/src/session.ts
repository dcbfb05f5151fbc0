import { resolve } from 'node:path'
import { type Choice, choosePlugins, type Engine, type EngineRun, loadConfig, loadWorkload, openEngine, pluginsOf, type ResolvedConfig, type RunListener } from '@semantos/engine'
import { closeAll, withClosing } from './shutdown.js'
import { scopeOf } from './netns.js'
import type { ConfigOptions } from './options.js'
import { tell } from './print.js'
import { stopOnSignal, unlessStopped } from './signals.js'
import { StrayErrors } from './stray-errors.js'
import { startTrace } from './trace.js'

/** A run of the command line, and the engine that it is a run of. */
export interface Session {
  readonly engine: Engine
  readonly run: EngineRun
}

export interface SessionOptions extends ConfigOptions, Choice {
  readonly seed?: number
  /** A workload instead of the config's. */
  readonly workload?: string
  /** Nothing but errors is printed. */
  readonly quiet?: boolean
  /** Permission to change values of the running kernel. */
  readonly apply?: boolean
  /** False: no process watches over the run. */
  readonly guard?: boolean
  /** Failures are told as JSON. */
  readonly json?: boolean
}

/**
 * Opens an engine, begins a run, works, and closes both: also after a failure and on a signal. `show` is handed the result also where
 * closing fails after it: what stands applied must be known.
 */
export async function withSession<T>(options: SessionOptions, work: (session: Session) => Promise<T>, show: (result: T) => void = () => undefined, onEvent: RunListener = () => undefined): Promise<T> {
  const scope = await scopeOf(options.netns)
  const stop = new AbortController()
  using _signals = stopOnSignal(stop)
  using _trace = startTrace(options)
  const config = choosePlugins(await unlessStopped(stop.signal, configFor(options)), options)
  const log = (plugin: string, message: string) => void (options.quiet || tell(`${plugin}: ${message}\n`))
  using stray = new StrayErrors(pluginsOf(config).map(({ plugin }) => plugin), stop)
  const engine = await openEngine({
    config,
    root: options.root,
    stateDir: options.stateDir,
    ...(scope && { scope }),
    paths: { ...(options.sandbox !== undefined && { sandbox: options.sandbox }), ...(options.kb !== undefined && { knowledge: options.kb }) },
    signal: stop.signal,
    log,
  })
  stray.ask(engine.kernel)
  let run: EngineRun | null = null
  let result: T
  try {
    run = await engine.begin({
      apply: options.apply ?? false,
      watchdog: options.guard ?? true,
      ...(options.seed !== undefined && { seed: options.seed }),
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'warning') log(event.plugin, event.message)
        onEvent(event)
      },
    })
    result = await work({ engine, run })
  } catch (error) {
    throw withClosing(error, await closeAll(engine, run))
  }
  const failure = (await closeAll(engine, run)) ?? stray.first
  show(result)
  if (failure) throw failure
  return result
}

async function configFor({ workload, config }: SessionOptions): Promise<ResolvedConfig> {
  const folder = process.cwd()
  return loadConfig(folder, config === undefined ? null : resolve(config), workload === undefined ? null : await loadWorkload(folder, workload))
}
