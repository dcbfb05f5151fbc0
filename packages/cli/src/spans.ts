import { tracingChannel } from 'node:diagnostics_channel'
import type { HookEvent } from '@semantos/core/kernel'

/** One run of one tap. */
export interface Span extends HookEvent {
  readonly startUs: number
  durationUs: number
}

/** What `semantos:hook` tells while this listens, in the order in which it began. */
export class Spans implements Disposable {
  readonly #list: Span[] = []
  readonly #open = new Map<HookEvent, Span>()
  readonly #channel = tracingChannel<unknown, HookEvent>('semantos:hook')
  readonly #handlers = {
    start: (event: HookEvent) => {
      const span = { ...event, startUs: performance.now() * 1000, durationUs: 0 }
      this.#open.set(event, span)
      this.#list.push(span)
    },
    asyncEnd: (event: HookEvent) => {
      const span = this.#open.get(event)
      if (!span) return
      span.durationUs = performance.now() * 1000 - span.startUs
      if (event.error !== undefined) span.error = event.error
      this.#open.delete(event)
    },
    end: () => undefined,
    asyncStart: () => undefined,
    error: () => undefined,
  }

  constructor() {
    this.#channel.subscribe(this.#handlers)
  }

  get list(): readonly Span[] {
    return this.#list
  }

  [Symbol.dispose](): void {
    this.#channel.unsubscribe(this.#handlers)
  }
}
