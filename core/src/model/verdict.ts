import { z } from 'zod'
import { KnobRef } from './knob.js'

const LONGEST_TEXT = 1000

/** One reason why a plan must not be applied: which guard and rule, which knob, which bound, and what would be accepted. */
export const Violation = z.strictObject({
  guard: z.string(),
  /** Which of the guard's rules, as a word: `office_hours`. */
  rule: z.string().min(1),
  knob: KnobRef.nullable(),
  message: z.string().min(1).max(LONGEST_TEXT),
  /** What would be accepted. */
  fix: z.string().min(1).max(LONGEST_TEXT),
})
export type Violation = z.infer<typeof Violation>
/** A violation as a guard adds it; `knob` is null where it is about the plan as a whole. */
export const ViolationDraft = Violation.omit({ guard: true })
export type ViolationDraft = z.infer<typeof ViolationDraft>

/** A text of the kernel's own, cut to what a violation may hold. */
export function violationText(text: string): string {
  return text.slice(0, LONGEST_TEXT)
}

/** All guards' answers together. One violation is enough to stop the plan; nothing takes one back. */
export const Verdict = z.strictObject({ allowed: z.boolean(), guards: z.array(z.string()).readonly(), violations: z.array(Violation).readonly() })
export type Verdict = z.infer<typeof Verdict>
