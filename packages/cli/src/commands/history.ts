import { resolve } from 'node:path'
import type { Command } from 'commander'
import { history, type PastRun, pastRunOf } from '@semantos/host'
import { withJournalOptions } from '../options.js'
import { print } from '../print.js'
import { shownIn, table } from '../terminal.js'

interface HistoryOptions {
  readonly root: string
  readonly stateDir: string
  readonly json?: boolean
}

export function defineHistory(program: Command): void {
  const command = program.command('history').summary('the runs that wrote something').description('the runs that wrote something, newest first; history show ID shows one')
  withOptions(command.command('list', { isDefault: true }).description('every run')).action((options: HistoryOptions) => {
    const runs = history(placeOf(options))
    answer(options, runs, () => (runs.length === 0 ? 'no run has written anything' : table(runs.map(lineOf))))
  })
  withOptions(command.command('show <id>').description('one run, write by write')).action((id: string, options: HistoryOptions) => {
    const run = pastRunOf(id, placeOf(options))
    answer(options, run, () => `${lineOf(run).join('  ')}\n${table(run.changes.map(changeOf), '  ')}`)
  })
}

function withOptions(command: Command): Command {
  return withJournalOptions(command).option('--json', 'print one JSON document')
}

function placeOf({ root, stateDir }: HistoryOptions) {
  return { root: resolve(root), stateDir: resolve(stateDir) }
}

function answer(options: HistoryOptions, document: unknown, text: () => string): void {
  print(`${options.json ? JSON.stringify(document) : text()}\n`)
}

function lineOf({ run, phase, time, user, changes, command }: PastRun): string[] {
  return [run, phase, time, user || 'unknown', `${changes.length} writes`, command.slice(2).join(' ')]
}

function changeOf({ time, knob, before, to, stored, failed, undone, by }: PastRun['changes'][number]): string[] {
  const end = failed ?? (undone === null ? (stored === to ? 'stands' : `the kernel stored ${shownIn(stored, 'nothing')}`) : `${undone.outcome} by ${undone.by}`)
  return [time, knob, `${shownIn(before)} -> ${shownIn(to)}`, end, by]
}
