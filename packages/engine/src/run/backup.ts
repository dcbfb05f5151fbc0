import { join } from 'node:path'
import { pastRunOf, writeFileAtomic } from '@semantos/host'

/** The reproduction kit's backup file: each sysctl's value before the run, taken from the journal. It is an export; undo needs the journal. */
export function writeBackup(run: string, place: { readonly root: string; readonly stateDir: string }, folder: string): void {
  const before = new Map<string, string>()
  for (const change of pastRunOf(run, place).changes) {
    if (change.interface === 'sysctl' && change.before !== null && !before.has(change.knob)) before.set(change.knob, change.before)
  }
  writeFileAtomic(join(folder, 'sysctl_backup.json'), `${JSON.stringify(Object.fromEntries(before), null, 2)}\n`)
}
