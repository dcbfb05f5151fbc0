import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Paths, type SemantosConfig, SemantosError, type Stage, STAGES } from '@semantos/core'
import { type CheckedPlugin, LIFECYCLE, type TimeLimits } from '@semantos/core/kernel'
import { checkPlugins, checkShape } from './check.js'
import { findConfig, isFileName } from './find.js'
import { type Folded, foldPresets } from './resolve-presets.js'

/** A config that has been found, folded and checked: nothing in it can be wrong any more. */
export interface ResolvedConfig {
  readonly file: string
  readonly name: string
  readonly seed: number
  readonly trials: number
  readonly knobs: readonly string[]
  readonly slo: { readonly p95_ms: number }
  /** Null: the system's clock. */
  readonly fixedTime: Date | null
  readonly timeLimitsMs: TimeLimits
  readonly paths: Paths
  readonly slots: ReadonlyMap<Stage | 'plugins', readonly CheckedPlugin[]>
  /** Which file or preset each key came from. */
  readonly origins: ReadonlyMap<string, string>
}

/** A trial of a real workload runs for minutes; everything else answers at once or is stuck. */
const DEFAULT_TIME_LIMITS_MS = { default: 30_000, measure: 600_000 } as const

/** A workload named on the command line instead of in the config. */
export interface WorkloadEntry {
  readonly entry: unknown
  readonly origin: string
}

/** `--workload`: a file that holds a workload's entry (its plugin, or use and options), or the name of a package. */
export async function loadWorkload(folder: string, name: string): Promise<WorkloadEntry> {
  const path = resolve(folder, name)
  if (!existsSync(path)) {
    if (!isFileName(name)) return { entry: name, origin: '--workload' }
    throw new SemantosError('SEMANTOS_E_CONFIG_NOT_FOUND', { message: `there is no workload file ${name}`, place: path, next: 'Name a file that holds a workload, or a package.' })
  }
  const { file, content } = await findConfig(folder, path)
  return { entry: content, origin: file }
}

/** Finds, loads and checks the config, from `folder` upwards or from the file named. */
export async function loadConfig(folder: string, file: string | null, workload: WorkloadEntry | null = null): Promise<ResolvedConfig> {
  const found = await findConfig(folder, file === null ? null : resolve(folder, file))
  return resolveContent(found.content, found.file, workload)
}

/** Checks a config that is wholly in code; its paths and the names of packages start from `folder`. */
export function resolveConfig(config: SemantosConfig, folder: string): Promise<ResolvedConfig> {
  return resolveContent(config, join(folder, 'semantos.config'), null)
}

async function resolveContent(content: unknown, file: string, workload: WorkloadEntry | null): Promise<ResolvedConfig> {
  const folded = await foldPresets(content, file, file)
  const whole = workload === null ? folded : withWorkload(folded, workload)
  const { origins } = whole
  const shape = checkShape(whole, file)
  const base = dirname(file)
  return {
    file,
    name: shape.name,
    seed: shape.seed,
    trials: shape.trials,
    knobs: shape.knobs,
    slo: shape.slo,
    fixedTime: shape.clock === 'system' ? null : new Date(shape.clock),
    timeLimitsMs: { ...DEFAULT_TIME_LIMITS_MS, ...checkHookNames(shape.time_limits_ms, origins.get('time_limits_ms') ?? file) },
    paths: {
      base,
      sandbox: resolve(base, shape.paths.sandbox ?? 'experiments/sandbox/sysctl.conf'),
      knowledge: resolve(base, shape.paths.knowledge ?? 'experiments/kb'),
      results: resolve(base, shape.paths.results ?? 'experiments/results'),
      backup: resolve(base, shape.paths.backup ?? 'experiments/backup'),
    },
    slots: await checkPlugins(shape, whole, file),
    origins,
  }
}

function withWorkload({ content, origins }: Folded, { entry, origin }: WorkloadEntry): Folded {
  return { content: { ...content, workload: entry }, origins: new Map([...origins, ['workload', origin]]) }
}

function checkHookNames(limits: Readonly<Record<string, number>>, origin: string): Readonly<Record<string, number>> {
  const unknown = Object.keys(limits).find((hook) => hook !== 'default' && !HOOK_NAMES.has(hook))
  if (unknown === undefined) return limits
  throw new SemantosError('SEMANTOS_E_CONFIG_INVALID', {
    message: `there is no hook called '${unknown}'`,
    place: `${origin}: time_limits_ms.${unknown}`,
    next: `Use default or one of ${[...HOOK_NAMES].join(', ')}.`,
  })
}

/** `setup` is no hook, and limited like one. */
const HOOK_NAMES: ReadonlySet<string> = new Set(['setup', ...LIFECYCLE, ...Object.values(STAGES).flatMap((stage) => stage.hooks)])
