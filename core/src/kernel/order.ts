import { SemantosError } from './errors.js'

export interface Ordered {
  /** `plugin#tap` */
  readonly id: string
  readonly plugin: string
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/**
 * Orders taps by their before and after names, keeping the given order otherwise. Ours, because tapable puts a tap with
 * an unknown `before` first. A name that nobody has is ignored: the other plugin is simply not there.
 */
export function sortTaps<T extends Ordered>(hook: string, taps: readonly T[]): T[] {
  if (taps.every((tap) => tap.before.length === 0 && tap.after.length === 0)) return [...taps]
  const named = (names: readonly string[], asking: T) => taps.filter((tap) => tap !== asking && (names.includes(tap.id) || names.includes(tap.plugin)))
  const predecessors = new Map(taps.map((tap) => [tap, new Set(named(tap.after, tap))]))
  for (const tap of taps) for (const later of named(tap.before, tap)) predecessors.get(later)?.add(tap)

  const sorted: T[] = []
  const waiting = new Set(taps)
  while (waiting.size > 0) {
    const next = [...waiting].find((tap) => ![...(predecessors.get(tap) ?? [])].some((earlier) => waiting.has(earlier)))
    if (!next) {
      const names = [...waiting].map((tap) => tap.id).join(', ')
      throw new SemantosError('SEMANTOS_E_PLUGIN_ORDER', { message: `these taps of ${hook} each wait for another: ${names}`, hook })
    }
    sorted.push(next)
    waiting.delete(next)
  }
  return sorted
}
