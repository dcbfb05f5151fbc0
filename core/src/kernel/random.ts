import alea from 'seedrandom/lib/alea.js'

/** Named streams from one seed: the same seed and name give the same numbers, whatever else is drawn. */
export function streams(seed: number): (name: string) => () => number {
  return (name) => {
    const next = alea(`${seed}/${name}`)
    return () => next()
  }
}

/** A copy in random order, after Fisher and Yates. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const rest = [...items]
  return items.flatMap(() => rest.splice(Math.floor(random() * rest.length), 1))
}
