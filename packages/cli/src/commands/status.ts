import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type JournalPlace, status, type Status } from '@semantos/host'
import { commandFor } from '../command-for.js'
import { withJournalOptions } from '../options.js'
import { print } from '../print.js'
import { colours, shownIn, table } from '../terminal.js'

export function defineStatus(program: Command, exit: (status: number) => void): void {
  withJournalOptions(program.command('status'))
    .summary('what is applied now, and by which run')
    .description('what is applied now, by which run, since when, and what differs from what was written')
    .option('--json', 'print one JSON document')
    .action((options: { readonly root: string; readonly stateDir: string; readonly json?: boolean }) => {
      const now = status({ root: resolve(options.root), stateDir: resolve(options.stateDir) })
      print(options.json ? `${JSON.stringify(now)}\n` : render(now, options))
      exit(now.problems.length + now.pending.length === 0 ? 0 : 1)
    })
}

function render({ runs, holder, problems, pending }: Status, place: Required<JournalPlace>): string {
  const { bold, dim, yellow, red } = colours(process.stdout)
  const blocks = runs.map((run) => {
    const lease = run.deadline === null ? '' : `, until ${run.deadline} unless confirmed`
    const rows = run.rows.map(({ knob, original, ours, now, standing }) => [knob, `${shownIn(original)} -> ${shownIn(ours, '?')}`, `now ${shownIn(now)}`, standing === 'ours' ? dim(standing) : yellow(standing)])
    return `${bold(run.run)}: ${run.phase} since ${run.since} by ${run.user || 'unknown'}${run.guarded ? ', guarded' : ''}${lease}\n${table(rows, '  ')}`
  })
  const lines = [
    ...(blocks.length === 0 ? ['nothing is applied'] : blocks),
    ...(holder === null ? [] : [`at work: run ${holder.run}, process ${holder.pid}`]),
    ...pending.map((run) => `${red('pending')} run ${run} ended before it was done: ${commandFor(`rollback --run ${run}`, place)}`),
    ...problems.map((problem) => `${red('problem')} ${problem}`),
  ]
  return `${lines.join('\n')}\n`
}
