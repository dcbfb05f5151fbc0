import { resolve } from 'node:path'
import { type JournalPlace, status } from '@semantos/host'
import type { RunReport } from '@semantos/core'
import { commandFor } from './command-for.js'

/** What a run has left standing, from its journal: its name, until when, and the commands that keep it or take it back. Empty for a sandbox. */
export function appliedAs({ run, steps }: RunReport, place: Required<JournalPlace>): string {
  const standing = status({ root: resolve(place.root), stateDir: resolve(place.stateDir) }).runs.find((one) => one.run === run)
  if (!standing) return ''
  const changes = steps.reduce((sum, { applied }) => sum + applied.length, 0)
  const [one, it, stands] = changes === 1 ? ['1 change', 'it', 'It stands'] : [`${changes} changes`, 'them', 'They stand']
  const takeBack = commandFor(`rollback --run ${run}`, place)
  if (standing.deadline === null) return `\napplied as ${run}: ${one}; to take ${it} back: ${takeBack}\n`
  return `\napplied as ${run}: ${one}. ${stands} until ${standing.deadline}; to keep ${it}: ${commandFor(`confirm --run ${run}`, place)}; to take ${it} back now: ${takeBack}\n`
}
