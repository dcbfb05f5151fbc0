import { createHash, randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { type ResolvedConfig, loadConfig, loadWorkload } from '../config/load.js'
import { Run, openHost } from '../host/index.js'
import { SemantosError } from '../kernel/errors.js'
import { type CheckedPlugin, Kernel } from '../kernel/kernel.js'
import { streams } from '../kernel/random.js'
import type { Stage } from '../kernel/stages.js'
import { writeBackup } from './backup.js'
import { coreVersion } from '../cycle/core-version.js'
import { checkPatterns } from './knob-patterns.js'
import { scopeOf } from './netns.js'
import type { ConfigOptions } from './options.js'
import { tell } from './print.js'
import { type ReasonerOptions, giveToReasoners } from './reasoner-options.js'
import { reportError } from './report-error.js'
import { StrayErrors } from './stray-errors.js'
import { startTrace } from './trace.js'

export interface Session {
  readonly config: ResolvedConfig
  readonly kernel: Kernel
  readonly seed: number
  readonly run: string
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
}

/** Loads the config, sets the kernel up, works, and closes everything: also after a failure and on a signal. */
export async function withSession<T>(options: SessionOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const scope = await scopeOf(options.netns)
  const workload = options.workload === undefined ? null : await loadWorkload(process.cwd(), options.workload)
  const config = await loadConfig(process.cwd(), options.config ?? null, workload)
  const seed = options.seed ?? config.seed
  const run = runId(config, seed)
  const plugins = pluginsFor(config, options)
  const root = resolve(options.root)
  const inScope = scope ? { scope } : {}
  const trace = options.trace || options.traceJson !== undefined ? startTrace() : null
  const writing = options.apply
    ? await Run.open({ root, stateDir: resolve(options.stateDir), run, command: process.argv, version: coreVersion(), guard: options.guard ?? true, ...inScope })
    : null
  const stray = new StrayErrors(plugins.map(({ plugin }) => plugin))
  const kernel: Kernel = await Kernel.create({
    plugins,
    host: openHost({ root, ...inScope, writable: writing && { run: writing, catalogue: () => kernel.catalogue } }),
    paths: {
      ...config.paths,
      sandbox: options.sandbox === undefined ? config.paths.sandbox : resolve(options.sandbox),
      knowledge: options.kb === undefined ? config.paths.knowledge : resolve(options.kb),
    },
    timeLimitsMs: config.timeLimitsMs,
    now: () => (config.fixedTime === null ? new Date() : new Date(config.fixedTime)),
    random: streams(seed),
    log: (plugin, message) => void (options.quiet || tell(`${plugin}: ${message}\n`)),
  }).catch((error: unknown) => {
    stray.over()
    throw error
  })
  stray.stop(kernel)
  let worked = false
  const stopListening = abortOnSignal(kernel)
  try {
    checkPatterns(kernel.catalogue, config.knobs, 'SEMANTOS_E_CONFIG_INVALID', `${config.origins.get('knobs') ?? config.file}: knobs`)
    const commit = (confirmWithinMs?: number) => {
      stray.rethrow()
      if (!writing) return
      // First, so that a full disk fails the run while it can still be taken back.
      writeBackup(writing.id, { root, stateDir: resolve(options.stateDir) }, config.paths.backup)
      writing.commit(confirmWithinMs === undefined ? {} : { confirmWithinMs })
    }
    const done = await work({ config, kernel, seed, run: writing?.id ?? run, commit })
    worked = true
    return done
  } finally {
    // Until all is closed: a second Ctrl-C must not end the process while values are put back.
    await kernel
      .dispose()
      .catch((error: unknown) => {
        if (writing && writing.stuck.length > 0) endStuck(error)
        throw error
      })
      .finally(stopListening)
      .finally(() => stray.over())
    trace?.finish(options)
    if (worked) stray.rethrow()
  }
}

/** A write that hangs inside the kernel keeps Node from ending. The guard restores the rest once that write has been let go. */
function endStuck(error: unknown): never {
  reportError(error, { json: false })
  process.kill(process.pid, 'SIGKILL')
  throw error
}

function abortOnSignal(kernel: Kernel): () => void {
  const onSignal = (signal: NodeJS.Signals) =>
    kernel.abort(new SemantosError('SEMANTOS_E_ABORTED', { message: `stopped by ${signal}; whatever was applied has been taken back` }))
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
}

function pluginsFor(config: ResolvedConfig, options: SessionOptions): CheckedPlugin[] {
  return [...config.slots].flatMap(([slot, plugins]) => {
    if (slot === 'reasoning') return giveToReasoners(plugins, options)
    return slot === 'applier' && options.applier !== undefined ? chosen(plugins, slot, options.applier) : plugins
  })
}

/** `--applier sysctl,sysfs`: by package name or by what stands behind its last `applier-`. */
function chosen(plugins: readonly CheckedPlugin[], slot: Stage, names: string): CheckedPlugin[] {
  return names.split(',').map((name) => {
    const found = plugins.find(({ plugin }) => plugin.id === name || plugin.name.endsWith(`/${slot}-${name}`) || plugin.name.endsWith(`-${slot}-${name}`))
    if (found) return found
    const known = plugins.map(({ plugin }) => plugin.name.replace(/^.*applier-/, '')).join(', ')
    throw new SemantosError('SEMANTOS_E_USAGE', { message: `the config has no applier called '${name}'`, place: '--applier', next: `Use one of ${known}.` })
  })
}

/** Sorts by time. With a fixed clock it is the same for the same seed. */
function runId(config: ResolvedConfig, seed: number): string {
  const time = (config.fixedTime ?? new Date()).toISOString().replace(/[-:]|\.\d+/g, '')
  const suffix = config.fixedTime === null ? randomBytes(3).toString('hex') : createHash('sha256').update(String(seed)).digest('hex').slice(0, 6)
  return `${time}-${suffix}`
}
