import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

const MOST_ITERATIONS = 1_000_000
const KEY_BYTES = 32

/** Salted passwords: a server keeps a user's salt, and 4,096 rounds take two milliseconds that belong to no request. */
const salted = new Map<string, Buffer>()

/** The client's half of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677). The user's name travels elsewhere. */
export class Scram {
  readonly #first: string
  #serverSignature: Buffer = Buffer.alloc(0)

  constructor(
    readonly password: string,
    nonce = randomBytes(18).toString('base64'),
  ) {
    this.#first = `n=,r=${nonce}`
  }

  get clientFirst(): string {
    return `n,,${this.#first}`
  }

  /** Answers `r=nonce,s=salt,i=rounds`. */
  clientFinal(serverFirst: string): string {
    const [, nonce = '', salt = '', rounds = ''] = /^r=([^,]+),s=([A-Za-z0-9+/=]+),i=(\d{1,7})(?:,.*)?$/.exec(serverFirst) ?? []
    const iterations = Number(rounds)
    if (!nonce.startsWith(this.#first.slice('n=,r='.length)) || iterations < 1 || iterations > MOST_ITERATIONS) throw new Error('the server answers SCRAM with nonsense')

    const key = saltedPassword(this.password, salt, iterations)
    const clientKey = hmac(key, 'Client Key')
    const withoutProof = `c=biws,r=${nonce}`
    const message = `${this.#first},${serverFirst},${withoutProof}`
    const signature = hmac(createHash('sha256').update(clientKey).digest(), message)
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)))
    this.#serverSignature = hmac(hmac(key, 'Server Key'), message)
    return `${withoutProof},p=${proof.toString('base64')}`
  }

  /** The server proves that it knows the password too. */
  checkServer(serverFinal: string): void {
    const given = Buffer.from(/^v=([A-Za-z0-9+/=]+)/.exec(serverFinal)?.[1] ?? '', 'base64')
    if (given.length !== this.#serverSignature.length || !timingSafeEqual(given, this.#serverSignature)) throw new Error('the server does not know the password')
  }
}

function saltedPassword(password: string, salt: string, iterations: number): Buffer {
  const name = JSON.stringify([password, salt, iterations])
  const known = salted.get(name) ?? pbkdf2Sync(password.normalize('NFKC'), Buffer.from(salt, 'base64'), iterations, KEY_BYTES, 'sha256')
  salted.set(name, known)
  return known
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
