import type { Command } from 'commander'
import { plan, type ReasonerOverrides, writePlanFile } from '@semantos/engine'
import type { PlanFile } from '@semantos/core'
import { commandFor, shellWord } from '../command-for.js'
import { type ConfigOptions, whole, withConfigOptions } from '../options.js'
import { print, tell } from '../print.js'
import { withReasonerOptions } from '../reasoner-options.js'
import { renderChanges } from '../render-changes.js'
import { renderPlan, renderGuards } from '../render-run.js'
import { withSession } from '../session.js'

interface PlanOptions extends ConfigOptions, ReasonerOverrides {
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
      const { report, plan: planned } = await withSession(options, async ({ run }) => {
        const made = await plan(run)
        if (options.out !== undefined && made.report.verdict.allowed) writePlanFile(options.out, made.plan)
        return made
      })
      const parts = [renderPlan(report), ...(planned.changes.length > 0 ? [renderChanges(planned)] : []), renderGuards(report)]
      print(options.json ? `${JSON.stringify(report)}\n` : `${parts.join('\n\n')}\n`)
      if (options.out !== undefined && report.verdict.allowed) tell(wrote(options.out, planned, options))
      exit(report.verdict.allowed ? 0 : 3)
    })
}

/** What comes next, with the options that were given here. */
function wrote(file: string, { changes }: PlanFile, options: PlanOptions): string {
  if (changes.length === 0) return `wrote ${file}: it changes nothing\n`
  const given = Object.entries({ config: options.config, applier: options.applier, netns: options.netns }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${shellWord(value)}`]))
  return `wrote ${file}; next: sudo ${commandFor(['apply', shellWord(file), '--confirm-within 10m', ...given].join(' '), options)}\n`
}
