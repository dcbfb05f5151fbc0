import { DIMENSIONS, squaredDistance } from './embedding.js'

export interface Half {
  readonly centroid: Float32Array
  /** Places in the list that was divided. */
  readonly members: readonly number[]
}

const ROUNDS = 8

/** Divides vectors in two by Lloyd's algorithm, begun at two that lie far apart. Null where all are the same. */
export function halves(vectors: readonly Float32Array[]): readonly [Half, Half] | null {
  const one = farthestFrom(meanOf(vectors), vectors)
  const other = farthestFrom(one, vectors)
  let centroids: readonly [Float32Array, Float32Array] = [one, other]
  let sides: readonly [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    sides = [[], []]
    for (const [index, vector] of vectors.entries()) sides[squaredDistance(vector, centroids[0]) <= squaredDistance(vector, centroids[1]) ? 0 : 1].push(index)
    if (sides[0].length === 0 || sides[1].length === 0) return null
    centroids = [meanOf(pick(vectors, sides[0])), meanOf(pick(vectors, sides[1]))]
  }
  return [{ centroid: centroids[0], members: sides[0] }, { centroid: centroids[1], members: sides[1] }]
}

function farthestFrom(point: Float32Array, vectors: readonly Float32Array[]): Float32Array {
  let [farthest, most] = [point, -1]
  for (const vector of vectors) {
    const distance = squaredDistance(vector, point)
    if (distance > most) [farthest, most] = [vector, distance]
  }
  return farthest
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(DIMENSIONS)
  for (const vector of vectors) for (let index = 0; index < DIMENSIONS; index++) mean[index] = (mean[index] ?? 0) + (vector[index] ?? 0) / vectors.length
  return mean
}

function pick(vectors: readonly Float32Array[], places: readonly number[]): Float32Array[] {
  return places.flatMap((place) => vectors[place] ?? [])
}
