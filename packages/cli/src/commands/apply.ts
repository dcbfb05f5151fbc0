import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { applyPlan, readPlanFile } from '@semantos/engine'
import { type PlanFile, SemantosError } from '@semantos/core'
import { appliedAs } from '../next-steps.js'
import { type ConfigOptions, duration, guardOption, withConfigOptions } from '../options.js'
import { print, tell } from '../print.js'
import { renderChanges } from '../render-changes.js'
import { renderRun } from '../render-run.js'
import { withSession } from '../session.js'
import { STATUS } from './run.js'

interface ApplyOptions extends ConfigOptions {
  readonly yes?: boolean
  readonly confirmWithin?: number
  readonly guard: boolean
  readonly persist?: boolean
  readonly json?: boolean
}

export function defineApply(program: Command, exit: (status: number) => void): void {
  withConfigOptions(program.command('apply <plan>'))
    .summary('apply a plan file')
    .description('apply a plan that semantos plan --out wrote; refused when the host has changed since')
    .option('--yes', 'do not ask')
    .option('--confirm-within <time>', 'roll back automatically unless confirmed within this time, such as 10m', duration)
    .option('--persist', 'make the values outlive a reboot')
    .addOption(guardOption())
    .option('--json', 'print the whole run as one JSON document')
    .action(async (file: string, options: ApplyOptions) => {
      const planned = readPlanFile(file)
      const { report } = await withSession(
        { ...options, apply: true },
        async ({ run }) => {
          const approve = async (plan: PlanFile) => void (options.yes || plan.changes.length === 0 || (await mustAgree(plan)))
          const request = { name: file, approve, persist: options.persist ?? false, ...(options.confirmWithin !== undefined && { confirmWithinMs: options.confirmWithin }) }
          return { report: await applyPlan(run, planned, request), journal: run.journal }
        },
        ({ report, journal }) => {
          if (planned.changes.length === 0 && !options.json) return void print('nothing to change: the plan holds no change\n')
          print(options.json ? `${JSON.stringify(report)}\n` : `${renderRun(report)}${journal !== null && report.outcome === 'applied' ? appliedAs(report, options) : ''}`)
        },
      )
      exit(STATUS[report.outcome])
    })
}

/** Asks once, on a terminal; elsewhere `--yes` is the answer. */
async function mustAgree(planned: PlanFile): Promise<void> {
  tell(`${renderChanges(planned)}\n`)
  if (!process.stdin.isTTY) throw new SemantosError('SEMANTOS_E_USAGE', { message: 'stdin is not a terminal, so the plan cannot be approved', next: 'Pass --yes.' })
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`apply ${planned.changes.length} change${planned.changes.length === 1 ? '' : 's'} (plan ${planned.digest.slice(0, 12)})? [y/N] `)
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new SemantosError('SEMANTOS_E_APPLY_REFUSED', { message: 'aborted by the user; nothing was changed', next: 'Answer y, or pass --yes.' })
}
