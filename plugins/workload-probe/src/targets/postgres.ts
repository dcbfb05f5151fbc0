import { createHash } from 'node:crypto'
import type { PostgresOptions } from '../options.js'
import { Scram } from './scram.js'
import type { Session } from './sessions.js'
import type { Endpoint } from './target.js'
import { type Take, Wire } from './wire.js'

/** Version 3.0 of the protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const PROTOCOL = 196_608
const AUTHENTICATION = { ok: 0, clearText: 3, md5: 5, sasl: 10, saslContinue: 11, saslFinal: 12 } as const
const LONGEST_MESSAGE_BYTES = 1024 * 1024

interface Message {
  readonly type: string
  readonly body: Buffer
}

/** A PostgreSQL connection that asks one simple query, again and again. No TLS. */
export class PostgresSession implements Session {
  readonly #wire: Wire
  readonly #ready: Promise<void>
  readonly #query: Buffer

  constructor(
    endpoint: Endpoint,
    readonly options: PostgresOptions,
    readonly password: string | null,
  ) {
    this.#wire = new Wire(endpoint)
    this.#query = message('Q', text(options.query))
    this.#ready = this.#logIn()
    // The first request reports it.
    this.#ready.catch(() => undefined)
  }

  get isOpen(): boolean {
    return this.#wire.isOpen
  }

  async ask(): Promise<void> {
    await this.#ready
    this.#wire.send(this.#query)
    await this.#untilReady()
  }

  close(): void {
    if (this.#wire.isOpen) this.#wire.send(message('X'))
    this.#wire.close()
  }

  async #logIn(): Promise<void> {
    const { user, database } = this.options
    const body = Buffer.concat([int32(PROTOCOL), ...['user', user, 'database', database, 'application_name', 'semantos'].map(text), Buffer.from([0])])
    this.#wire.send(Buffer.concat([int32(body.length + 4), body]))
    await this.#authenticate()
    await this.#untilReady()
  }

  async #authenticate(): Promise<void> {
    const request = await this.#authentication()
    const kind = request.readInt32BE(0)
    if (kind === AUTHENTICATION.ok) return
    if (kind === AUTHENTICATION.sasl) {
      await this.#scram(request)
      return
    }
    if (kind === AUTHENTICATION.clearText) this.#wire.send(message('p', text(this.#secret())))
    else if (kind === AUTHENTICATION.md5) this.#wire.send(message('p', text(md5Answer(this.options.user, this.#secret(), request.subarray(4)))))
    else throw new Error(`the server asks for authentication ${kind}, which the probe does not speak; let it trust this connection, or use a password`)
    const answer = await this.#authentication()
    if (answer.readInt32BE(0) !== AUTHENTICATION.ok) throw new Error('the server goes on asking after the password')
  }

  async #scram(request: Buffer): Promise<void> {
    if (!request.toString('utf8', 4).split('\0').includes('SCRAM-SHA-256')) throw new Error('the server offers no SCRAM-SHA-256')
    const scram = new Scram(this.#secret())
    const first = Buffer.from(scram.clientFirst)
    this.#wire.send(message('p', text('SCRAM-SHA-256'), int32(first.length), first))
    this.#wire.send(message('p', Buffer.from(scram.clientFinal(await this.#sasl(AUTHENTICATION.saslContinue)))))
    scram.checkServer(await this.#sasl(AUTHENTICATION.saslFinal))
    if ((await this.#authentication()).readInt32BE(0) !== AUTHENTICATION.ok) throw new Error('the server goes on asking after SCRAM')
  }

  async #sasl(kind: number): Promise<string> {
    const answer = await this.#authentication()
    if (answer.readInt32BE(0) !== kind) throw new Error('the server answers SCRAM with nonsense')
    return answer.toString('utf8', 4)
  }

  /** The body of the next message, which must be about authentication. */
  async #authentication(): Promise<Buffer> {
    const { type, body } = await this.#wire.read(nextMessage)
    if (type === 'E') throw new Error(errorText(body))
    if (type !== 'R' || body.length < 4) throw new Error(`the server begins with ${JSON.stringify(type)}, which is not PostgreSQL`)
    return body
  }

  /** Reads until the server waits for a query; an error in between is thrown then, so that the next request finds it ready. */
  async #untilReady(): Promise<void> {
    let failure: Error | null = null
    let type = ''
    while (type !== 'Z') {
      const next = await this.#wire.read(nextMessage).catch((broken: unknown) => {
        throw failure ?? broken
      })
      type = next.type
      if (type === 'E') failure = new Error(errorText(next.body))
    }
    if (failure) throw failure
  }

  #secret(): string {
    if (this.password === null) throw new Error('the server asks for a password; name the variable that holds it with password_env')
    return this.password
  }
}

const nextMessage: Take<Message> = (bytes) => {
  if (bytes.length < 5) return null
  const length = bytes.readInt32BE(1)
  if (length < 4 || length > LONGEST_MESSAGE_BYTES) throw new Error('the answer is not PostgreSQL')
  return bytes.length < length + 1 ? null : { message: { type: bytes.toString('latin1', 0, 1), body: bytes.subarray(5, length + 1) }, length: length + 1 }
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`)
}

function md5Answer(user: string, password: string, salt: Buffer): string {
  const inner = createHash('md5').update(password + user).digest('hex')
  return `md5${createHash('md5').update(inner).update(salt).digest('hex')}`
}

/** The message (M) of an error's fields. */
function errorText(body: Buffer): string {
  const field = body.toString('utf8').split('\0').find((entry) => entry.startsWith('M'))
  return `PostgreSQL said ${JSON.stringify((field ?? 'M?').slice(1, 200))}`
}
