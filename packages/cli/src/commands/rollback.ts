import { resolve } from 'node:path'
import type { Command } from 'commander'
import { rollback, type RollbackReport } from '@semantos/host'
import { withJournalOptions } from '../options.js'
import { print, tell } from '../print.js'
import { colours, shownIn, table } from '../terminal.js'

export interface RollbackCommandOptions {
  readonly root: string
  readonly stateDir: string
  readonly run?: string
  readonly knob?: string
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

export function defineRollback(program: Command, exit: (status: number) => void): void {
  withJournalOptions(program.command('rollback'))
    .summary('take back what runs have applied')
    .description('take back what runs have applied, from the journal alone: no config, no plugin, no network')
    .option('--run <id>', "one run, or 'all' (default: the newest that has something applied)")
    .option('--knob <name>', 'only this knob')
    .option('--dry-run', 'say what would be done')
    .option('--force', 'also values that somebody else has changed since')
    .option('--json', 'print one JSON document')
    .action(async (options: RollbackCommandOptions) => exit(await runRollback(options)))
}

/** Also behind `semantos --rollback`. Returns the exit status: 1 where a value is not what it was. */
export async function runRollback({ root, stateDir, json, quiet, ...choice }: RollbackCommandOptions): Promise<number> {
  const report = await rollback({ ...choice, root: resolve(root), stateDir: resolve(stateDir) })
  // What could not be taken back is an error, which is told all the same.
  if (json) print(`${JSON.stringify(report)}\n`)
  else if (!quiet) print(render(report, choice))
  else if (!report.complete) tell(render(report, choice))
  return report.complete ? 0 : 1
}

function render({ rows, problems }: RollbackReport, { dryRun, knob: asked }: Pick<RollbackCommandOptions, 'dryRun' | 'knob'>): string {
  const { green, red, yellow } = colours(process.stdout)
  const colour = { restored: green, 'would restore': green, unchanged: green, discarded: green, 'modified externally': yellow, failed: red } as const
  const lines = rows.map(({ knob, outcome, original, ours, detail }) => [knob, colour[outcome](outcome), `${shownIn(ours, '?')} -> ${shownIn(original)}`, detail])
  const head = rows.length === 0 ? nothing(asked) : table(lines)
  return `${dryRun ? 'dry run: nothing was changed\n' : ''}${[head, ...problems.map((problem) => `${red('problem')} ${problem}`)].join('\n')}\n`
}

/** Of one knob there may be nothing left although other values stand. */
function nothing(knob: string | undefined): string {
  return knob === undefined ? 'nothing is applied' : `nothing is applied to ${knob}; semantos status shows what is`
}
