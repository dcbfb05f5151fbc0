import { type Applied, type Cycle, SemantosError } from '@semantos/core'
import type { Kernel } from '@semantos/core/kernel'
import type { Session } from './session.js'

/** `--persist` needs a plugin that can; told before anything is applied. */
export function mustPersist({ hooks }: Kernel, netns: string | undefined): void {
  if (netns !== undefined) throw new SemantosError('SEMANTOS_E_USAGE', { message: 'values of a network namespace are not for files of the host', next: 'Leave out --persist or --netns.' })
  if (hooks.persist.taps.length > 0) return
  throw new SemantosError('SEMANTOS_E_USAGE', { message: 'no applier of the config makes values outlive a restart', next: "Add '@semantos/applier-dropin' to the applier slot, or leave --persist out." })
}

/** Makes what was applied outlive a restart, in the run's own journal: before the commit, so that a rollback removes it again. */
export function persist({ kernel, config, run, seed }: Session, applied: readonly Applied[]): Promise<void> {
  const cycle: Cycle = { ...kernel.context(), run, seed, slo: config.slo, catalogue: kernel.catalogue }
  return kernel.hooks.persist.run(applied, cycle)
}
