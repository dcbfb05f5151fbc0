import { type Applied, SemantosError } from '@semantos/core'
import type { EngineRun } from './engine-run.js'

/** Values outlive a reboot only with a plugin that can make them; refused before anything is applied. */
export function mustPersist({ engine: { kernel, place } }: EngineRun): void {
  if (place.scope?.kind === 'netns') throw new SemantosError('SEMANTOS_E_USAGE', { message: 'values of a network namespace are not for files of the host', next: 'Leave out --persist or --netns.' })
  if (kernel.hooks.persist.taps.length > 0) return
  throw new SemantosError('SEMANTOS_E_USAGE', { message: 'no applier of the config makes values outlive a reboot', next: "Add '@semantos/applier-dropin' to the applier slot, or leave --persist out." })
}

/** Makes what was applied outlive a reboot, in the run's own journal: before the commit, so that a rollback removes it again. */
export function persist(run: EngineRun, applied: readonly Applied[]): Promise<void> {
  return run.engine.kernel.hooks.persist.run(applied, run.cycle())
}
