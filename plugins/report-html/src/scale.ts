/** Below this factor from end to end, even steps read better than powers of ten. */
const DECADES_FROM = 20

/** Round values inside a domain of a logarithmic axis: even steps where it is narrow, else 1, 2 and 5 of each power of ten. */
export function ticksFor([low, high]: readonly [number, number], most = 7): number[] {
  if (high / low < DECADES_FROM) return evenTicks(low, high, most)
  const decades = Array.from({ length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 }, (_, index) => Math.floor(Math.log10(low)) + index)
  const steps = decades.length > most ? [1] : decades.length > 3 ? [1, 3] : [1, 2, 5]
  return decades.flatMap((decade) => steps.map((step) => Number(`${step}e${decade}`))).filter((tick) => tick >= low && tick <= high)
}

/** Round values at even steps. */
export function evenTicks(low: number, high: number, most: number): number[] {
  const rough = (high - low) / most
  const power = Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => Number(`${factor}e${power}`)).find((candidate) => candidate >= rough) ?? high
  const first = Math.ceil(low / step)
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

/** The range of some values above 0, with room on both sides; what is not finite is left out. */
export function around(values: readonly number[]): [number, number] {
  const usable = values.filter((value) => Number.isFinite(value) && value > 0)
  if (usable.length === 0) return [0.5, 2]
  const [low, high] = [Math.min(...usable), Math.max(...usable)]
  const room = Math.max(Math.log(high / low) * 0.06, Math.log(1.02))
  return [low * Math.exp(-room), high * Math.exp(room)]
}
