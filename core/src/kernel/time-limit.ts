/**
 * Does some work, and waits for it no longer than `ms`: rejects with a `TimeoutError` then, and with the reason of `signal`
 * as soon as that aborts. The work is handed a signal that aborts in both cases; whether it listens or not, nobody waits on.
 *
 * In place of `AbortSignal.timeout`: Node 20 collects one that nothing but `AbortSignal.any` refers to, and it never fires.
 */
export async function withTimeLimit<T>(signal: AbortSignal, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const limit = new AbortController()
  const stop = () => limit.abort(signal.reason)
  signal.addEventListener('abort', stop)
  // Not unref'd: a server that never answers must not let the process end without a word.
  const timer = setTimeout(() => limit.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError')), ms)
  const over = new Promise<never>((_resolve, reject) => limit.signal.addEventListener('abort', () => reject(new Error('cut off'))))
  try {
    return await Promise.race([work(limit.signal), over])
  } catch (error) {
    // Whatever the work says of being cut off, why it was is what counts.
    limit.signal.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
