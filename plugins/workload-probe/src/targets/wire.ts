import { type Socket, connect } from 'node:net'
import type { Endpoint } from './target.js'

const LONGEST_MESSAGE_BYTES = 1024 * 1024
const NOTHING: Buffer = Buffer.alloc(0)

/** What a protocol finds at the beginning of the bytes received: a message and how long it is, or null for "not yet". */
export type Take<T> = (bytes: Buffer) => { readonly message: T; readonly length: number } | null

/** A connection of a protocol that waits for an answer before it goes on. */
export class Wire {
  readonly #socket: Socket
  #received = NOTHING
  #failure: Error | null = null
  #wake: () => void = () => undefined

  constructor({ host, port }: Endpoint) {
    this.#socket = connect({ host, port, noDelay: true })
    this.#socket.on('data', (bytes: Buffer) => {
      this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes])
      this.#wake()
    })
    this.#socket.on('error', (error) => this.#fail(error))
    this.#socket.on('close', () => this.#fail(new Error('the service closed the connection')))
  }

  get isOpen(): boolean {
    return this.#failure === null
  }

  send(bytes: Buffer | string): void {
    this.#socket.write(bytes)
  }

  /** The next message. Rejects where the connection fails first. */
  async read<T>(take: Take<T>): Promise<T> {
    for (;;) {
      const taken = take(this.#received)
      if (taken) {
        this.#received = this.#received.subarray(taken.length)
        return taken.message
      }
      if (this.#failure) throw this.#failure
      if (this.#received.length > LONGEST_MESSAGE_BYTES) throw new Error('the answer is not of this protocol')
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  close(): void {
    this.#fail(new Error('closed'))
    this.#socket.destroy()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#wake()
  }
}
