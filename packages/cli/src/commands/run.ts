import type { Command } from 'commander'
import { type ReasonerOverrides, runOnce } from '@semantos/engine'
import type { Outcome } from '@semantos/core'
import { appliedAs } from '../next-steps.js'
import { runRollback } from './rollback.js'
import { type ConfigOptions, duration, guardOption, whole, withConfigOptions } from '../options.js'
import { print } from '../print.js'
import { withReasonerOptions } from '../reasoner-options.js'
import { renderRun } from '../render-run.js'
import { withSession } from '../session.js'
import { Progress } from '../terminal.js'

interface RunOptions extends ConfigOptions, ReasonerOverrides {
  readonly seed?: number
  readonly trials?: number
  readonly apply?: boolean
  readonly rollback?: boolean
  readonly confirmWithin?: number
  readonly guard: boolean
  readonly persist?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

/** Exit status by how the run ended. */
export const STATUS: Readonly<Record<Outcome, number>> = { applied: 0, 'dry run': 0, 'nothing to do': 0, refused: 3, 'rolled back': 4 }

export function defineRun(program: Command, exit: (status: number) => void): void {
  withReasonerOptions(withConfigOptions(program.command('run', { isDefault: true }), 'shown'))
    .summary('one pass through the loop (the default command)')
    .description('one pass: look, reason, guard, apply, watch, evaluate (the default command)')
    .option('--seed <n>', 'seed of everything random', whole(0, Number.MAX_SAFE_INTEGER))
    .option('--trials <n>', 'trials before and after', whole(1, 1_000_000))
    .option('--apply', 'change the running kernel (a sandbox needs no leave)')
    .option('--confirm-within <time>', 'with --apply: take all back unless confirmed in time', duration)
    .option('--persist', 'with --apply: make the values outlive a restart')
    .addOption(guardOption())
    .option('--rollback', 'take back what was applied, as semantos rollback')
    .option('--json', 'print the whole run as one JSON document')
    .option('--quiet', 'print nothing but errors')
    // A word is refused by main.ts, which knows all commands.
    .allowExcessArguments()
    .action(async (options: RunOptions) => {
      const progress = new Progress(options)
      if (options.rollback) {
        exit(await runRollback({ root: options.root, stateDir: options.stateDir, json: options.json ?? false, quiet: options.quiet ?? false }))
        return
      }
      const { report } = await withSession(
        options,
        async ({ run }) => {
          const request = { apply: options.apply ?? false, persist: options.persist ?? false, ...(options.trials !== undefined && { trials: options.trials }), ...(options.confirmWithin !== undefined && { confirmWithinMs: options.confirmWithin }) }
          return { report: await runOnce(run, request).finally(() => progress.clear()), journal: run.journal }
        },
        ({ report, journal }) => {
          if (options.json) print(`${JSON.stringify(report)}\n`)
          else if (!options.quiet) print(`${renderRun(report)}${journal !== null && report.outcome === 'applied' ? appliedAs(report, options) : ''}`)
        },
        (event) => {
          if (event.type === 'trial') progress.show(`trial ${event.done} of ${event.total ?? '?'}`)
        },
      )
      exit(STATUS[report.outcome])
    })
}
