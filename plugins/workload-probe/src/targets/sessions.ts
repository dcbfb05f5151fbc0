import type { Exchange, Target } from './target.js'

/** A connection of a protocol, with whatever greeting it begins with. */
export interface Session {
  readonly isOpen: boolean
  /** One request; the first waits for the greeting. Rejects with the service's reason. */
  ask(): Promise<void>
  close(): void
}

/** Sessions that are used in turn, or one for each request. */
export class Sessions implements Target {
  readonly #idle: Session[] = []
  readonly #open = new Set<Session>()

  constructor(
    readonly begin: () => Session,
    readonly keepAlive: boolean,
  ) {}

  probe(): Exchange {
    const session = this.#take()
    this.#open.add(session)
    const ended = session.ask().then(
      () => (this.keepAlive ? void this.#idle.push(session) : this.#end(session)),
      (error: unknown) => {
        this.#end(session)
        throw error
      },
    )
    return { ended, cancel: () => this.#end(session) }
  }

  close(): void {
    for (const session of this.#open) session.close()
    this.#open.clear()
  }

  #take(): Session {
    for (let session = this.#idle.shift(); session; session = this.#idle.shift()) {
      if (session.isOpen) return session
      this.#end(session)
    }
    return this.begin()
  }

  #end(session: Session): void {
    session.close()
    this.#open.delete(session)
  }
}
