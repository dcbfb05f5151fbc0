import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type PastRun, pastRunOf, showFiles } from '@semantos/host'
import { withJournalOptions } from '../options.js'
import { print } from '../print.js'
import { shownIn, table } from '../terminal.js'

interface DiffOptions {
  readonly root: string
  readonly stateDir: string
  readonly json?: boolean
}

interface Difference {
  readonly knob: string
  readonly first: string | null
  readonly second: string | null
}

export function defineDiff(program: Command): void {
  withJournalOptions(program.command('diff <run> [other]', { hidden: true }))
    .summary('what a run left, against another run or now')
    .description('what a run left, knob by knob, against another run or against now')
    .option('--json', 'print one JSON document')
    .action((id: string, other: string | undefined, options: DiffOptions) => {
      const root = resolve(options.root)
      const place = { root, stateDir: resolve(options.stateDir) }
      const run = pastRunOf(id, place)
      const first = leftBy(run)
      const second = other === undefined ? nowOf(run, root) : leftBy(pastRunOf(other, place))
      const differences = differencesOf(first, second)
      print(options.json ? `${JSON.stringify(differences)}\n` : `${render(differences, id, other ?? 'now')}\n`)
    })
}

/** The value that a run's last write to each knob left: what was stored, or what stood before where it was taken back. */
function leftBy({ changes }: PastRun): Map<string, string | null> {
  const left = new Map<string, string | null>()
  const before = new Map<string, string | null>()
  for (const change of changes) {
    if (!before.has(change.knob)) before.set(change.knob, change.before)
    left.set(change.knob, change.undone === null ? change.stored : (before.get(change.knob) ?? null))
  }
  return left
}

function nowOf({ changes, scope }: PastRun, root: string): Map<string, string | null> {
  const seen = showFiles(changes, { root, scope })
  return new Map(changes.map(({ knob }, index) => {
    const shown = seen[index] ?? { reason: 'in a network namespace that may not be looked into from here' }
    return [knob, 'reason' in shown ? shown.reason : shown.text]
  }))
}

function differencesOf(first: ReadonlyMap<string, string | null>, second: ReadonlyMap<string, string | null>): Difference[] {
  const knobs = [...new Set([...first.keys(), ...second.keys()])].sort()
  return knobs.map((knob) => ({ knob, first: first.get(knob) ?? null, second: second.get(knob) ?? null })).filter((row) => row.first !== row.second)
}

function render(differences: readonly Difference[], first: string, second: string): string {
  if (differences.length === 0) return `no difference between ${first} and ${second}`
  return table([['knob', first, second], ...differences.map((row) => [row.knob, shownIn(row.first), shownIn(row.second)])])
}
