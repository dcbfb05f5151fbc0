import alea from 'seedrandom/lib/alea.js'

/** Named streams from one seed: the same seed and name give the same numbers, whatever else is drawn. */
export function streams(seed: number): (name: string) => () => number {
  return (name) => {
    const next = alea(`${seed}/${name}`)
    return () => next()
  }
}
