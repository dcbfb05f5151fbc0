import type { Seen } from '@semantos/memory'

export const DIMENSIONS = 64

/** How far two machines lie apart by a fact in words, such as the CPU's model: as by a factor of e^2 in a metric. */
const WORD_WEIGHT = 2

/**
 * Metrics and facts as one vector of fixed length, whatever a host reports: each number, on a logarithmic scale, is added with a sign to
 * a coordinate chosen by its name (Weinberger et al., *Feature hashing for large scale multitask learning*, ICML 2009). The sum of absolute
 * differences of two vectors orders as Canberra's distance does, since |a - b| / (|a| + |b|) is half of |ln a - ln b| where they are near.
 */
export function embed({ metrics, host }: Pick<Seen, 'metrics' | 'host'>): Float32Array {
  const vector = new Float32Array(DIMENSIONS)
  for (const [name, value] of Object.entries(metrics)) add(vector, name, Math.sign(value) * Math.log1p(Math.abs(value)))
  for (const [name, value] of Object.entries(host)) {
    if (typeof value === 'number') add(vector, `host ${name}`, Math.sign(value) * Math.log1p(Math.abs(value)))
    else add(vector, `host ${name} ${value}`, WORD_WEIGHT)
  }
  return vector
}

/** The bytes that sqlite-vec takes for a vector of floats. */
export function bytesOf(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
}

export function vectorOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer)
}

/** Stops adding where the sum exceeds `limit`: then only that it does is known. */
export function squaredDistance(a: Float32Array, b: Float32Array, limit = Number.POSITIVE_INFINITY): number {
  let sum = 0
  for (let index = 0; index < DIMENSIONS && sum <= limit; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    sum += difference * difference
  }
  return sum
}

interface Place {
  readonly coordinate: number
  readonly sign: number
}

const places = new Map<string, Place>()
const MOST_REMEMBERED = 10_000

function add(vector: Float32Array, name: string, value: number): void {
  const { coordinate, sign } = placeOf(name)
  vector[coordinate] = (vector[coordinate] ?? 0) + sign * value
}

function placeOf(name: string): Place {
  const known = places.get(name)
  if (known) return known
  const hash = fnv1a(name)
  const found = { coordinate: (hash >>> 1) % DIMENSIONS, sign: hash & 1 ? 1 : -1 }
  if (places.size < MOST_REMEMBERED) places.set(name, found)
  return found
}

/** Fowler, Noll and Vo's hash in 32 bits, stirred at the end because its low bits are weak. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
