import { resolve } from 'node:path'
import { coreVersion, type ResolvedConfig } from '@semantos/engine'
import { type NetnsEntry, Run } from '@semantos/host'
import { SemantosError } from '@semantos/core'
import { writeBackup } from './backup.js'
import type { ConfigOptions } from './options.js'

interface WritingOptions extends ConfigOptions {
  readonly guard?: boolean
}

/** Leave to write: the lock, the journal and the guard process are there before anything else of the run is. */
export function openJournal(options: WritingOptions, run: string, scope: NetnsEntry['scope'] | undefined): Promise<Run> {
  return Run.open({ ...placeOf(options), run, command: process.argv, version: coreVersion(), guard: options.guard ?? true, ...(scope && { scope }) })
}

/** What was written stays. */
export function commitTo(journal: Run, config: ResolvedConfig, options: WritingOptions, confirmWithinMs: number | undefined): void {
  // First, so that a full disk fails the run while it can still be taken back.
  writeBackup(journal.id, placeOf(options), config.paths.backup)
  journal.commit(confirmWithinMs === undefined ? {} : { confirmWithinMs })
}

/** Where nothing is written to a kernel, nothing comes back by itself. */
export function refuseConfirmation(journal: string | null, confirmWithinMs: number | undefined): void {
  if (journal !== null || confirmWithinMs === undefined) return
  throw new SemantosError('SEMANTOS_E_USAGE', {
    message: 'this run changes no kernel, so there is nothing to confirm',
    place: '--confirm-within',
    next: 'Leave it out; or add --apply, with an applier that writes to the kernel.',
  })
}

function placeOf({ root, stateDir }: ConfigOptions) {
  return { root: resolve(root), stateDir: resolve(stateDir) }
}
