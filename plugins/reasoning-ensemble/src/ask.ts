import { type Plan, type Situation, isSemantosError } from '@semantos/core'
import { type Member, situationFor } from './member.js'

/** What one reasoner said, or why it said nothing. */
export type Answer = { readonly id: string; readonly plan: Plan } | { readonly id: string; readonly failure: Error }

/** Asks all at once. One that fails or is late says nothing; its signal aborts at the deadline. */
export async function askAll(members: readonly Member[], situation: Situation, deadlineMs: number): Promise<readonly Answer[]> {
  const controller = new AbortController()
  const late = new Error(`no answer within ${deadlineMs} ms`)
  // Not unref'd: a hung reasoner must not let the process end without a word.
  const timer = setTimeout(() => controller.abort(late), deadlineMs)
  const signal = AbortSignal.any([situation.signal, controller.signal])
  try {
    return await Promise.all(members.map((member) => ask(member, situation, signal)))
  } finally {
    clearTimeout(timer)
  }
}

async function ask(member: Member, situation: Situation, signal: AbortSignal): Promise<Answer> {
  const { id } = member
  try {
    return { id, plan: await Promise.race([member.reason(situationFor(id, situation, signal)), aborted(signal)]) }
  } catch (error) {
    // A run that is stopped is nobody's failure.
    if (situation.signal.aborted || (isSemantosError(error) && error.code === 'SEMANTOS_E_ABORTED')) throw error
    return { id, failure: error instanceof Error ? error : new Error(String(error)) }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => {
      const reason: unknown = signal.reason
      reject(reason instanceof Error ? reason : new Error('stopped'))
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
