import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isSemantosError, SemantosError, type TuneReport } from '@semantos/core'
import { fileOf } from '@semantos/host'
import { askedPatterns } from '../config/knob-patterns.js'
import { publishTogether } from '../cycle/publish-together.js'
import type { EngineRun } from '../run/engine-run.js'
import { TUNE_DEFAULTS, type TuneProgress, type TuneSettings } from '../tune/settings.js'
import { TrialLog } from '../tune/trial-log.js'
import { tune as measureAndTry } from '../tune/tune.js'

/** What is tuned, and for how much. Everything has a default. */
export interface TuneRequest extends Partial<Pick<TuneSettings, 'goal' | 'slo' | 'budget' | 'minEffectPct' | 'settleMs' | 'apply' | 'command' | 'folder'>> {
  /** Only these knobs, each tried if they are few: names and patterns, separated by commas. */
  readonly knobs?: string
  /** Leave what was proven to help applied, and commit it. */
  readonly keep?: boolean
  /** As `keep`, but only if it is confirmed within this time. */
  readonly confirmWithinMs?: number
  /** Goes on with an earlier tune; no trial runs twice. */
  readonly resume?: string
  /** Before each trial. */
  readonly onStart?: (progress: TuneProgress) => void
}

/** A tune that has ended, the folder of its documents, and whether its values stand. */
export interface TuneResult {
  readonly report: TuneReport
  readonly folder: string
  readonly stays: boolean
}

/**
 * Measures the workload, tries what evidence points to, restores the rest, and writes tune.json and the reports. What is kept is applied
 * and committed before any of them says so, and before anything is learnt.
 */
export async function tune(run: EngineRun, { knobs, keep = false, confirmWithinMs, resume, ...request }: TuneRequest = {}): Promise<TuneResult> {
  const { engine: { kernel, config }, seed, emit } = run
  run.mustBeConfirmable(confirmWithinMs)
  const name = resume ?? run.id
  const tunes = join(config.paths.results, 'tune')
  const folder = join(tunes, name)
  if (resume !== undefined && !namesIn(tunes).includes(name)) {
    throw new SemantosError('SEMANTOS_E_RUN_UNKNOWN', { message: `there is no tune ${name}`, place: folder, next: `There is ${namesIn(tunes).join(', ') || 'none yet'}.` })
  }
  if (!kernel.plugins.some(({ stage }) => stage === 'workload')) {
    throw new SemantosError('SEMANTOS_E_USAGE', { message: 'there is no workload to measure', next: 'Name one with --workload, or put one into the config.' })
  }
  const slo = request.slo ?? config.slo
  const patterns = askedPatterns(kernel.catalogue, knobs)
  const log = new TrialLog(join(folder, 'trials.jsonl'))
  try {
    const { report, keep: reapply } = await measureAndTry(kernel, {
      ...TUNE_DEFAULTS,
      apply: false,
      ...request,
      run: name,
      seed,
      slo,
      knobs: patterns ?? config.knobs,
      asked: patterns !== null,
      settleMs: config.fixedTime === null ? (request.settleMs ?? TUNE_DEFAULTS.settleMs) : 0,
      config: config.file,
      workloadOrigin: config.origins.get('workload') ?? null,
      journal: run.journal?.id ?? null,
      onTrial: ({ number, phase }) => emit({ type: 'trial', done: number, total: null, what: phase }),
    }, log, run.kernelRun)
    const stays = (keep || confirmWithinMs !== undefined) && report.outcome === 'kept'
    if (stays) await reapply()
    const cycle = { ...run.cycle(slo), run: report.run }
    await publishTogether(
      cycle,
      async (context) => {
        context.publish(fileOf(join(folder, 'tune.json'), `${JSON.stringify(report, null, 2)}\n`))
        await kernel.hooks.tuned.run(report, context)
      },
      async () => {
        if (stays) run.commit(confirmWithinMs)
        await kernel.hooks.learn.run(report, cycle)
      },
    )
    emit({ type: 'done', outcome: report.outcome })
    return { report, folder, stays }
  } catch (error) {
    throw isSemantosError(error) && error.code === 'SEMANTOS_E_WORKLOAD' && statSync(log.file).size > 0 ? resumable(error, name) : error
  } finally {
    log.close()
  }
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

/** The same failure, and that it has not cost the trials before it. */
function resumable({ code, message, place, plugin, hook, cause, next }: SemantosError, name: string): SemantosError {
  return new SemantosError(code, { message, place, plugin, hook, cause, next: `${next} The trials until then are kept: the same command with --resume ${name} goes on behind them.` })
}
