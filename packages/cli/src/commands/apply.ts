import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { readKnobs, runCycle } from '@semantos/engine'
import { type Cycle, type PlanFile, type RunReport, SemantosError } from '@semantos/core'
import { appliedAs } from '../next-steps.js'
import { type ConfigOptions, duration, guardOption, withConfigOptions } from '../options.js'
import { mustPersist, persist } from '../persist.js'
import { mustReach, mustStillFit, readPlanFile } from '../plan-file.js'
import { print, tell } from '../print.js'
import { renderChanges } from '../render-changes.js'
import { renderRun } from '../render-run.js'
import { type Session, withSession } from '../session.js'
import { refuseConfirmation } from '../writing.js'
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
    .option('--confirm-within <time>', 'take all back unless confirmed in time, such as 10m', duration)
    .option('--persist', 'make the values outlive a restart')
    .addOption(guardOption())
    .option('--json', 'print the whole run as one JSON document')
    .action(async (file: string, options: ApplyOptions) => {
      const planned = readPlanFile(file)
      const { report } = await withSession(
        { ...options, apply: true },
        (session) => applyPlan(session, file, planned, options),
        ({ report, journal }) => {
          print(options.json ? `${JSON.stringify(report)}\n` : `${renderRun(report)}${journal !== null && report.outcome === 'applied' ? appliedAs(report, options) : ''}`)
        },
      )
      exit(STATUS[report.outcome])
    })
}

async function applyPlan(session: Session, file: string, planned: PlanFile, options: ApplyOptions): Promise<{ readonly report: RunReport; readonly journal: string | null }> {
  const { kernel, config, seed, run, journal, commit } = session
  refuseConfirmation(journal, options.confirmWithin)
  if (options.persist) mustPersist(kernel, options.netns)
  const cycle: Cycle = { ...kernel.context(), run, seed, slo: config.slo, catalogue: kernel.catalogue }
  const knobs = planned.changes.flatMap(({ knob }) => kernel.catalogue.get(knob) ?? [])
  const { readings } = await readKnobs(kernel, cycle, knobs)
  mustReach(file, planned, session, readings)
  mustStillFit(file, planned, kernel.host, options.netns ?? null, readings)
  if (!options.yes && planned.changes.length > 0) await mustAgree(planned)
  const report = await runCycle(kernel, {
    run,
    seed,
    trials: config.trials,
    knobs: config.knobs,
    slo: config.slo,
    apply: true,
    planning: false,
    plan: planned.plan,
    onTrial: () => undefined,
  })
  if (report.outcome === 'applied') {
    if (options.persist) await persist(session, report.steps.flatMap(({ applied }) => applied))
    commit(options.confirmWithin)
  }
  return { report, journal }
}

/** Asks once, on a terminal; elsewhere `--yes` is the answer. */
async function mustAgree(planned: PlanFile): Promise<void> {
  tell(`${renderChanges(planned)}\n`)
  if (!process.stdin.isTTY) throw new SemantosError('SEMANTOS_E_USAGE', { message: 'nobody is there to ask', next: 'Add --yes to apply without asking.' })
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`apply ${planned.changes.length} change${planned.changes.length === 1 ? '' : 's'}? [y/N] `)
  terminal.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new SemantosError('SEMANTOS_E_APPLY_REFUSED', { message: 'not agreed to; nothing was changed', next: 'Answer y, or add --yes.' })
}
