import { type Command, Option } from 'commander'
import { type ReasonerOverrides, tune, TUNE_DEFAULTS, type TuneProgress } from '@semantos/engine'
import { Goal, SemantosError, type TuneReport } from '@semantos/core'
import { type ConfigOptions, budget, duration, guardOption, positive, rare, whole, withConfigOptions } from '../options.js'
import { print } from '../print.js'
import { withReasonerOptions } from '../reasoner-options.js'
import { progressLine, renderTune, standsText } from '../render-tune.js'
import { withSession } from '../session.js'
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
        ({ run }) => {
          const request = {
            goal: options.goal,
            budget: spend,
            minEffectPct: options.minEffect,
            settleMs: options.settle,
            apply: options.apply ?? false,
            keep: options.keep ?? false,
            command: process.argv.slice(2),
            folder: process.cwd(),
            ...(options.slo !== undefined && { slo: { p95_ms: options.slo } }),
            ...(options.knobs !== undefined && { knobs: options.knobs }),
            ...(options.confirmWithin !== undefined && { confirmWithinMs: options.confirmWithin }),
            ...(options.resume !== undefined && { resume: options.resume }),
            onStart: (trial: TuneProgress) => progress.show(progressLine(trial)),
          }
          return tune(run, request).finally(() => progress.clear())
        },
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
