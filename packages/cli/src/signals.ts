import { SemantosError } from '@semantos/core'

/** SIGINT and SIGTERM stop the run; until this is disposed of, neither ends the process while values are put back. */
export function stopOnSignal(stop: AbortController): Disposable {
  const onSignal = (signal: NodeJS.Signals) => stop.abort(new SemantosError('SEMANTOS_E_ABORTED', { message: `stopped by ${signal}; whatever was applied has been taken back` }))
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return { [Symbol.dispose]: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal) }
}

/** Waits for what opens nothing that must be closed, such as the loading of a config, and no longer than until the run is stopped. */
export function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(asError(signal.reason)), { once: true })
  })
  return Promise.race([work, stopped])
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
