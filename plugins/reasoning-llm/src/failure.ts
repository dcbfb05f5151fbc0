import { TimeUp } from './deadline.js'
import { plain } from './untrusted.js'

/** Why a request failed, and what follows from it. */
export interface Failure {
  readonly words: string
  readonly retryable: boolean
  /** What the server asked us to wait; null where it did not say. */
  readonly retryAfterMs: number | null
  /** False where the server certainly did no work that it could charge for. */
  readonly mayBeBilled: boolean
}

const NEVER_REACHED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

/** What the AI SDK's APICallError tells; an error of any other kind tells less. */
interface CallError {
  readonly statusCode?: unknown
  readonly isRetryable?: unknown
  readonly responseHeaders?: unknown
}

export function failureOf(error: unknown): Failure {
  const words = plain(deepestMessage(error), 300)
  if (error instanceof TimeUp) return { words, retryable: true, retryAfterMs: null, mayBeBilled: true }
  const { statusCode, isRetryable, responseHeaders }: CallError = typeof error === 'object' && error !== null ? error : {}
  const status = typeof statusCode === 'number' ? statusCode : null
  return {
    words: status !== null && status >= 400 ? `HTTP ${status}: ${words}` : words,
    retryable: isRetryable === true,
    retryAfterMs: retryAfterMs(responseHeaders),
    mayBeBilled: status === null ? !NEVER_REACHED.has(codeOf(error)) : status < 400,
  }
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date (RFC 9110, 10.2.3). */
function retryAfterMs(headers: unknown): number | null {
  const header = (name: string) => (typeof headers === 'object' && headers !== null && name in headers ? String(new Map(Object.entries(headers)).get(name)) : '')
  const ms = Number.parseFloat(header('retry-after-ms'))
  if (ms >= 0) return ms
  const after = header('retry-after')
  if (/^\d+(\.\d+)?$/.test(after)) return Number(after) * 1000
  const date = Date.parse(after)
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now())
}

/** The SDK wraps causes; the innermost says what happened. */
function deepestMessage(error: unknown): string {
  const causes = chain(error).filter((cause) => cause instanceof Error && cause.message !== '')
  const outer = causes[0] instanceof Error ? causes[0].message : String(error)
  const inner = causes.at(-1)
  return inner instanceof Error && !outer.includes(inner.message) ? `${outer}: ${inner.message}` : outer
}

function codeOf(error: unknown): string {
  const withCode = chain(error).find((cause) => typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string')
  return typeof withCode === 'object' && withCode !== null && 'code' in withCode ? String(withCode.code) : ''
}

function chain(error: unknown): unknown[] {
  const causes = [error]
  for (let at = error; at instanceof Error && at.cause !== undefined && causes.length < 8; at = at.cause) causes.push(at.cause)
  return causes
}
