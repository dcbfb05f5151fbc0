import { type Verdict, type Violation, ViolationDraft, violationText } from '../../model/verdict.js'
import type { Call } from '../call.js'
import type { SemantosError } from '../errors.js'
import { type Draft, byKey, parse } from './draft.js'

/** What `guard` is handed. */
export interface VerdictView {
  /** Stops the plan. There is no way to take a violation back. */
  violate(violation: ViolationDraft): void
}

/** Violations from every guard. No guard can remove one. */
export class VerdictDraft implements Draft<VerdictView> {
  readonly #guards = new Set<string>()
  readonly #violations: Violation[] = []

  /** The view of one tap. */
  for(call: Call): VerdictView {
    this.#guards.add(call.plugin)
    return {
      violate: (input) => {
        this.#violations.push({ ...parse(ViolationDraft, input, call), guard: call.plugin })
        call.note(`violation ${input.rule}`)
      },
    }
  }

  /** A guard that fails has not said yes. */
  failed(error: SemantosError): void {
    this.#violations.push({
      guard: error.plugin ?? 'unknown',
      rule: 'guard_failed',
      knob: null,
      message: violationText(`the guardrail failed, which is a veto: ${error.message}`),
      fix: violationText(error.next),
    })
  }

  /** The verdict: allowed where there is no violation. */
  finish(): Verdict {
    const violations = byKey(this.#violations, (violation) => `${violation.knob ?? ''} ${violation.guard} ${violation.rule} ${violation.message}`)
    return { allowed: violations.length === 0, guards: [...this.#guards].sort(), violations }
  }
}
