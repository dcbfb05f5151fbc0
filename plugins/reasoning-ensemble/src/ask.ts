import { isSemantosError, type Plan, type Situation, withTimeLimit } from '@semantos/core'
import { type Member, situationFor } from './member.js'

/** What one reasoner said, or why it said nothing. */
export type Answer = { readonly id: string; readonly plan: Plan } | { readonly id: string; readonly failure: Error }

/** Asks all at once. One that fails or is late says nothing; its signal aborts at the deadline. */
export function askAll(members: readonly Member[], situation: Situation, deadlineMs: number): Promise<readonly Answer[]> {
  return Promise.all(members.map((member) => ask(member, situation, deadlineMs)))
}

async function ask(member: Member, situation: Situation, deadlineMs: number): Promise<Answer> {
  const { id } = member
  try {
    return { id, plan: await withTimeLimit(situation.signal, deadlineMs, (signal) => member.reason(situationFor(id, situation, signal))) }
  } catch (error) {
    // A run that is stopped is nobody's failure.
    if (situation.signal.aborted || (isSemantosError(error) && error.code === 'SEMANTOS_E_ABORTED')) throw error
    return { id, failure: error instanceof Error ? error : new Error(String(error)) }
  }
}
