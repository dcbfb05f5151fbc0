import type { Session } from './sessions.js'
import type { Endpoint } from './target.js'
import { type Take, Wire } from './wire.js'

/** PING in the inline form of the protocol, which needs no encoding of lengths. */
const PING = 'PING\r\n'

/** A Redis connection; every reply that it gets is one line. */
export class RedisSession implements Session {
  readonly #wire: Wire
  readonly #greeted: Promise<void>

  constructor(endpoint: Endpoint, password: string | null) {
    this.#wire = new Wire(endpoint)
    this.#greeted = password === null ? Promise.resolve() : this.#command(auth(password), '+OK')
    // The first request reports it.
    this.#greeted.catch(() => undefined)
  }

  get isOpen(): boolean {
    return this.#wire.isOpen
  }

  async ask(): Promise<void> {
    await this.#greeted
    await this.#command(PING, '+PONG')
  }

  close(): void {
    this.#wire.close()
  }

  async #command(command: string, wanted: string): Promise<void> {
    this.#wire.send(command)
    const reply = await this.#wire.read(line)
    if (reply !== wanted) throw new Error(`Redis said ${JSON.stringify(reply.slice(0, 100))}`)
  }
}

function auth(password: string): string {
  return `*2\r\n$4\r\nAUTH\r\n$${Buffer.byteLength(password)}\r\n${password}\r\n`
}

const line: Take<string> = (bytes) => {
  const end = bytes.indexOf('\r\n')
  return end < 0 ? null : { message: bytes.toString('utf8', 0, end), length: end + 2 }
}
