import type { Proposal } from '../kernel/contexts.js'
import { VerdictDraft } from '../kernel/drafts.js'
import type { Kernel } from '../kernel/kernel.js'
import type { Knob } from '../model/knob.js'
import type { Verdict } from '../model/verdict.js'
import { contractViolations } from './knobs.js'

/** All guards and the kernel's own checks. A guard that fails or hangs is a violation. */
export async function judgePlan(kernel: Kernel, proposal: Proposal, scope: readonly Knob[]): Promise<Verdict> {
  const draft = new VerdictDraft()
  await kernel.hooks.guard.run(draft, proposal, (failure) => draft.failed(failure))
  const verdict = draft.finish()
  const violations = [...contractViolations(proposal.plan, proposal, scope), ...verdict.violations]
  return { ...verdict, allowed: violations.length === 0, violations }
}
