import type { Knob, Proposal, Verdict } from '@semantos/core'
import { type Kernel, VerdictDraft } from '@semantos/core/kernel'
import { contractViolations } from './knobs.js'

/** All guards and the kernel's own checks. A guard that fails or hangs is a violation. */
export async function judgePlan(kernel: Kernel, proposal: Proposal, scope: readonly Knob[]): Promise<Verdict> {
  const draft = new VerdictDraft()
  await kernel.hooks.guard.run(draft, proposal, (failure) => draft.failed(failure))
  const verdict = draft.finish()
  const violations = [...contractViolations(proposal.plan, proposal, scope), ...verdict.violations]
  return { ...verdict, allowed: violations.length === 0, violations }
}
