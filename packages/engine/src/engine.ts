import { resolve } from 'node:path'
import type { Plugin, SemantosConfig } from '@semantos/core'
import { Kernel, leaveOutFramesOf, streams } from '@semantos/core/kernel'
import { type Host, openHost, type Scope, STATE_DIR } from '@semantos/host'
import { pluginsOf } from './config/choose-plugins.js'
import { checkPatterns } from './config/knob-patterns.js'
import { loadConfig, type ResolvedConfig, resolveConfig } from './config/load.js'
import { type EngineParts, EngineRun, type RunStart } from './run/engine-run.js'

/** How an engine is opened. Everything has a default. */
export interface EngineOptions {
  /** The file of a config, a config, or one that is resolved already; without it the nearest `semantos.config.*` from `folder` upwards. */
  readonly config?: string | SemantosConfig | ResolvedConfig
  /** Where a config is looked for, and what relative paths start from. */
  readonly folder?: string
  /** The folder that stands for `/` when kernel files are read or written. */
  readonly root?: string
  /** Where journals are kept. */
  readonly stateDir?: string
  /** Whose values are read and written, from `enterNetns`; the host's without it. */
  readonly scope?: Scope
  /** In place of the config's. */
  readonly paths?: { readonly sandbox?: string; readonly knowledge?: string }
  /** Stops plugins that are being set up, and every run that is given no signal of its own. */
  readonly signal?: AbortSignal
  /** Warnings, with the plugin that gave them; a run may have its own. */
  readonly log?: (plugin: string, message: string) => void
}

/**
 * Loads a config, sets its plugins up once, and serves any number of runs. Runs that only read go on at the same time; one that
 * writes is refused while another does (SEMANTOS_E_LOCKED). Throws what the config is refused with, and what plugins throw in setup.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  leaveOutFramesOf(import.meta.url)
  const folder = resolve(options.folder ?? process.cwd())
  const config = await configOf(options.config, folder)
  const host = openHost({ root: resolve(options.root ?? '/'), ...(options.scope && { scope: options.scope }) })
  const { sandbox, knowledge } = options.paths ?? {}
  const kernel = await Kernel.create({
    plugins: pluginsOf(config),
    host,
    paths: { ...config.paths, sandbox: resolve(folder, sandbox ?? config.paths.sandbox), knowledge: resolve(folder, knowledge ?? config.paths.knowledge) },
    timeLimitsMs: config.timeLimitsMs,
    now: () => (config.fixedTime === null ? new Date() : new Date(config.fixedTime)),
    random: streams(config.seed),
    log: options.log ?? (() => undefined),
    ...(options.signal && { signal: options.signal }),
  })
  try {
    checkPatterns(kernel.catalogue, config.knobs, 'SEMANTOS_E_CONFIG_INVALID', `${config.origins.get('knobs') ?? config.file}: knobs`)
    return new Engine(config, kernel, host, { root: host.root, stateDir: resolve(options.stateDir ?? STATE_DIR), ...(options.scope && { scope: options.scope }) })
  } catch (error) {
    await kernel.dispose()
    throw error
  }
}

/** One config with its plugins set up. */
export class Engine implements EngineParts, AsyncDisposable {
  constructor(
    readonly config: ResolvedConfig,
    readonly kernel: Kernel,
    readonly host: Host,
    readonly place: EngineParts['place'],
  ) {}

  /** In the order of the config. */
  get plugins(): readonly Plugin[] {
    return this.kernel.plugins
  }

  /**
   * Begins a run. One that may write (`apply`, where an applier changes a kernel) holds the lock, a journal and a watchdog from here
   * until it is closed, and throws what `Run.open` throws.
   */
  begin(start: RunStart = {}): Promise<EngineRun> {
    return EngineRun.begin(this, start)
  }

  /** Closes every plugin. Runs are closed before. */
  close(): Promise<void> {
    return this.kernel.dispose()
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function configOf(config: EngineOptions['config'], folder: string): Promise<ResolvedConfig> {
  if (config === undefined || typeof config === 'string') return loadConfig(folder, config ?? null)
  return isResolved(config) ? Promise.resolve(config) : resolveConfig(config, folder)
}

function isResolved(config: SemantosConfig | ResolvedConfig): config is ResolvedConfig {
  return 'origins' in config
}
