/** One quantity of two situations, and how far apart they are in it: 0 (the same) to 1. */
export interface Part {
  readonly name: string
  readonly apart: number
}

/** How far apart two situations are, and in what. */
export interface Apartness {
  /** 0 (the same) to 1; two situations without any quantity are 1 apart. */
  readonly distance: number
  readonly parts: readonly Part[]
}

/** Numbers by name, each in a unit of its own. */
export type Quantities = Readonly<Record<string, number>>

/**
 * Canberra distance (Lance and Williams 1967): the mean of |a - b| / (|a| + |b|) over every quantity that either has. It is free of
 * units. A quantity that one lacks counts 1.
 */
export function canberra(a: Quantities, b: Quantities): Apartness {
  const names = [...Object.keys(a), ...Object.keys(b).filter((name) => !(name in a))]
  return { distance: canberraDistance(a, b), parts: names.map((name) => ({ name, apart: apartness(a[name], b[name]) })) }
}

/** The distance alone, for comparing with many. */
export function canberraDistance(a: Quantities, b: Quantities): number {
  let [apart, count] = [0, 0]
  for (const name in a) {
    apart += apartness(a[name], b[name])
    count++
  }
  for (const name in b) {
    if (name in a) continue
    apart++
    count++
  }
  return count === 0 ? 1 : apart / count
}

function apartness(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return 1
  return a === b ? 0 : Math.abs(a - b) / (Math.abs(a) + Math.abs(b))
}
