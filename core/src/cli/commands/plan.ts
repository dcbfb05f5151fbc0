import type { Command } from 'commander'
import { runCycle } from '../../cycle/cycle.js'
import { type ConfigOptions, whole, withConfigOptions } from '../options.js'
import { print } from '../print.js'
import { type ReasonerOptions, withReasonerOptions } from '../reasoner-options.js'
import { planFileOf, writePlanFile } from '../plan-file.js'
import { renderChanges } from '../render-changes.js'
import { renderPlan, renderGuards } from '../render-run.js'
import { withSession } from '../session.js'

interface PlanOptions extends ConfigOptions, ReasonerOptions {
  readonly seed?: number
  readonly json?: boolean
  readonly out?: string
}

export function definePlan(program: Command, exit: (status: number) => void): void {
  withReasonerOptions(withConfigOptions(program.command('plan')))
    .description('what would change and why; nothing is written')
    .option('--seed <n>', 'seed of everything random', whole(0, Number.MAX_SAFE_INTEGER))
    .option('--out <file>', 'write it for semantos apply')
    .option('--json', 'print the whole plan as one JSON document')
    .action(async (options: PlanOptions) => {
      const { report, planned } = await withSession(options, async ({ kernel, config, seed, run }) => {
        const report = await runCycle(kernel, { run, seed, trials: config.trials, knobs: config.knobs, slo: config.slo, apply: false, planning: true, plan: null, onTrial: () => undefined })
        const planned = planFileOf(report, kernel.catalogue, kernel.host, options.netns ?? null)
        if (options.out !== undefined && report.verdict.allowed) writePlanFile(options.out, planned)
        return { report, planned }
      })
      const parts = [renderPlan(report), ...(planned.changes.length > 0 ? [renderChanges(planned)] : []), renderGuards(report)]
      print(options.json ? `${JSON.stringify(report)}\n` : `${parts.join('\n\n')}\n`)
      exit(report.verdict.allowed ? 0 : 3)
    })
}
