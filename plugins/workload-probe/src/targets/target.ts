/** One request and its answer. */
export interface Exchange {
  /** Rejects with the reason where the service refused or broke off. */
  readonly ended: Promise<void>
  /** Gives up waiting; `ended` may then never settle. */
  cancel(this: void): void
}

/** A live service as it is seen from outside. */
export interface Target {
  probe(): Exchange
  /** Closes connections that are kept open. */
  close(): void
}

/** Where a service listens, resolved once so that no request waits for a name server. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}
