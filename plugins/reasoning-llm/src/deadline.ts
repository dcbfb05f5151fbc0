/** A time that is up: the work is told through the signal, and whoever waits goes on even if the work does not listen. */
export class Deadline implements Disposable {
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #endsAt: number
  readonly signal: AbortSignal

  /** `parent` ends it early. The timer is not unref'd: a hung server must not let the process end without a word. */
  constructor(
    readonly ms: number,
    what: string,
    parent: AbortSignal,
  ) {
    this.#endsAt = performance.now() + ms
    this.#timer = setTimeout(() => this.#controller.abort(new TimeUp(`${what} within ${ms} ms`)), ms)
    this.signal = AbortSignal.any([parent, this.#controller.signal])
  }

  get leftMs(): number {
    return this.#endsAt - performance.now()
  }

  async race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this
    let stop = (): void => undefined
    const up = new Promise<never>((_resolve, reject) => {
      stop = () => void reject(reasonOf(signal))
      if (signal.aborted) stop()
      signal.addEventListener('abort', stop)
    })
    try {
      return await Promise.race([work, up])
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}

export class TimeUp extends Error {
  override readonly name = 'TimeUp'
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new Error('stopped')
}

/** Waits, or throws the signal's reason as soon as it aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(reasonOf(signal))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
