import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { askedPatterns, publishTogether, type ReasonerOverrides, TrialLog, tune, TUNE_DEFAULTS, type TuneSettings } from '@semantos/engine'
import { writeFileAtomic } from '@semantos/host'
import { Goal, isSemantosError, SemantosError, type TuneReport } from '@semantos/core'
import { type ConfigOptions, budget, duration, guardOption, positive, rare, whole, withConfigOptions } from '../options.js'
import { print } from '../print.js'
import { withReasonerOptions } from '../reasoner-options.js'
import { progressLine, renderTune, standsText } from '../render-tune.js'
import { type Session, withSession } from '../session.js'
import { Progress } from '../terminal.js'

interface TuneOptions extends ConfigOptions, ReasonerOverrides {
  readonly workload?: string
  readonly goal: Goal
  readonly slo?: number
  readonly budget?: string
  readonly knobs?: string
  readonly minEffect: number
  readonly settle: number
  readonly seed?: number
  readonly apply?: boolean
  readonly keep?: boolean
  readonly confirmWithin?: number
  readonly guard: boolean
  readonly resume?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/** Exit status by how the tune ended. */
const STATUS: Readonly<Record<TuneReport['outcome'], number>> = { kept: 0, 'nothing kept': 0, 'measured only': 0, 'too noisy': 1, interrupted: 130, 'not healed': 1 }

export function defineTune(program: Command, exit: (status: number) => void): void {
  withReasonerOptions(withConfigOptions(program.command('tune')))
    .summary('measure a workload, keep what is proven to help')
    .description('measure a workload, try what evidence points to, keep what is proven to help')
    .option('--workload <file|package>', "the workload (default: the config's)")
    .addOption(new Option('--goal <goal>', 'what to improve').choices(Goal.options).default(TUNE_DEFAULTS.goal))
    .option('--slo <ms>', 'p95 to keep, in milliseconds', positive)
    .option('--budget <time|trials...>', `such as 15m, or 40 trials (default: ${TUNE_DEFAULTS.budget.trials} trials)`, budgetInWords)
    .option('--knobs <globs>', 'only these, each tried if few; such as vm.*,net.*')
    .addOption(rare('--min-effect <percent>', 'smaller effects are not worth a changed kernel').argParser(positive).default(TUNE_DEFAULTS.minEffectPct))
    .addOption(rare('--settle <time>', 'wait between a change and its trial, such as 2s').argParser(duration).default(TUNE_DEFAULTS.settleMs, `${TUNE_DEFAULTS.settleMs} ms`))
    .addOption(rare('--seed <n>', 'seed of the order of trials').argParser(whole(0, Number.MAX_SAFE_INTEGER)))
    .option('--apply', 'try on the running kernel, not the baseline alone')
    .option('--keep', 'with --apply: leave what helped (default: restore)')
    .option('--confirm-within <time>', 'as --keep, but restore unless confirmed in time', duration)
    .addOption(guardOption())
    .option('--resume <id>', 'go on with an earlier tune; no trial runs twice')
    .option('--json', 'print the report as one JSON document')
    .option('--quiet', 'print nothing but errors')
    .action(async (options: TuneOptions) => {
      checkTogether(options)
      const spend = options.budget === undefined ? TUNE_DEFAULTS.budget : budget(options.budget)
      const progress = new Progress(options)
      const { report } = await withSession(
        options,
        (session) => tuneOnce(session, options, spend, progress).finally(() => progress.clear()),
        ({ report, folder, stays }) => {
          if (options.json) print(`${JSON.stringify(report)}\n`)
          else if (!options.quiet) print(`${renderTune(report, folder)}${stays && report.journal !== null ? standsText(report, options) : ''}`)
        },
      )
      exit(STATUS[report.outcome])
    })
}

/** `40 trials` without quotes comes as two words; a number begins another budget, which counts instead. */
function budgetInWords(word: string, before: string | undefined): string {
  return before === undefined || /^\d/.test(word) ? word : `${before} ${word}`
}

/** What does not go together is told before trials are spent on it. */
function checkTogether(options: TuneOptions): void {
  if (!options.apply && wantsToKeep(options)) {
    throw new SemantosError('SEMANTOS_E_USAGE', { message: 'without --apply nothing is tried, so nothing can be kept', place: options.keep ? '--keep' : '--confirm-within', next: 'Add --apply, or leave it out.' })
  }
  if (options.confirmWithin !== undefined && !options.guard) {
    throw new SemantosError('SEMANTOS_E_USAGE', { message: 'without the guard process nobody takes back what is not confirmed', place: '--confirm-within', next: 'Leave out --no-guard.' })
  }
}

function wantsToKeep({ keep, confirmWithin }: TuneOptions): boolean {
  return keep === true || confirmWithin !== undefined
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

/** The same failure, and that it has not cost the trials before it. */
function resumable({ code, message, place, plugin, hook, cause, next }: SemantosError, name: string): SemantosError {
  return new SemantosError(code, { message, place, plugin, hook, cause, next: `${next} The trials until then are kept: the same command with --resume ${name} goes on behind them.` })
}

async function tuneOnce({ engine: { kernel, config }, run }: Session, options: TuneOptions, spend: TuneSettings['budget'], progress: Progress): Promise<{ report: TuneReport; folder: string; stays: boolean }> {
  run.mustBeConfirmable(options.confirmWithin)
  const { seed } = run
  const name = options.resume ?? run.id
  const tunes = join(config.paths.results, 'tune')
  const folder = join(tunes, name)
  if (options.resume !== undefined && !namesIn(tunes).includes(name)) {
    throw new SemantosError('SEMANTOS_E_RUN_UNKNOWN', { message: `there is no tune ${name}`, place: folder, next: `There is ${namesIn(tunes).join(', ') || 'none yet'}.` })
  }
  if (!kernel.plugins.some(({ stage }) => stage === 'workload')) {
    throw new SemantosError('SEMANTOS_E_USAGE', { message: 'there is no workload to measure', next: 'Name one with --workload, or put one into the config.' })
  }
  const slo = options.slo === undefined ? config.slo : { p95_ms: options.slo }
  const knobs = askedPatterns(kernel.catalogue, options.knobs) ?? config.knobs
  const log = new TrialLog(join(folder, 'trials.jsonl'))
  try {
    const { report, keep } = await tune(kernel, {
      ...TUNE_DEFAULTS,
      run: name,
      seed,
      goal: options.goal,
      slo,
      knobs,
      asked: options.knobs !== undefined,
      budget: spend,
      minEffectPct: options.minEffect,
      settleMs: config.fixedTime === null ? options.settle : 0,
      apply: options.apply ?? false,
      config: config.file,
      workloadOrigin: config.origins.get('workload') ?? null,
      journal: run.journal?.id ?? null,
      command: process.argv.slice(2),
      folder: process.cwd(),
      onStart: (trial) => progress.show(progressLine(trial)),
    }, log, run.kernelRun)
    writeFileAtomic(join(folder, 'tune.json'), `${JSON.stringify(report, null, 2)}\n`)
    const cycle = { ...run.cycle(slo), run: report.run }
    await publishTogether(cycle, (context) => kernel.hooks.tuned.run(report, context), () => kernel.hooks.learn.run(report, cycle))
    const stays = wantsToKeep(options) && report.outcome === 'kept'
    if (stays) {
      await keep()
      run.commit(options.confirmWithin)
    }
    return { report, folder, stays }
  } catch (error) {
    throw isSemantosError(error) && error.code === 'SEMANTOS_E_WORKLOAD' && statSync(log.file).size > 0 ? resumable(error, name) : error
  } finally {
    log.close()
  }
}
