import { type Knob, type KnobRef, KnobValue, type Reading, splitRef, z } from '@semantos/core'

/** A knob's name, with patterns of device names in brackets where not every device is meant: `block.read_ahead_kb[sd*,!sda]`. */
export const KnobPattern = z.string().max(512).regex(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_-]+)+(?:\[!?[A-Za-z0-9_.:@*?-]+(?:,!?[A-Za-z0-9_.:@*?-]+)*\])?$/, {
  error: 'must be a knob name, with device patterns in brackets where not every device is meant, such as block.read_ahead_kb[sd*,!sda]',
})

const Bound = z.int()

/** A value, or a bound that leaves a value beyond it as it is. */
export const Wanted = z.union([KnobValue, z.strictObject({ at_least: Bound }), z.strictObject({ at_most: Bound })], {
  error: 'must be a whole number, a word, a list of whole numbers, { at_least: number } or { at_most: number }',
})
export type Wanted = z.infer<typeof Wanted>

/** What the host is to hold, and the patterns that match nothing on it. */
export interface Wishes {
  readonly values: ReadonlyMap<KnobRef, KnobValue>
  readonly unmatched: readonly string[]
}

/** Values by pattern as values by knob on this host; where patterns overlap, the later one holds. */
export function wishesOn(current: ReadonlyMap<KnobRef, Reading>, values: Readonly<Record<string, Wanted>>): Wishes {
  const wishes = new Map<KnobRef, KnobValue>()
  const unmatched: string[] = []
  for (const [pattern, wanted] of Object.entries(values)) {
    const { name, rules } = parsePattern(pattern)
    const known = [...current.values()].filter(({ knob }) => splitRef(knob).name === name)
    const meant = known.filter(({ knob, status }) => status === 'unavailable' || matches(rules, splitRef(knob).device))
    if (known.length > 0 && meant.length === 0) unmatched.push(pattern)
    // A knob that nobody has read is left to the kernel, which knows why and says so.
    for (const knob of known.length > 0 ? meant.map((reading) => reading.knob) : [name]) {
      wishes.delete(knob)
      const value = valueOf(wanted, current.get(knob))
      if (value !== null) wishes.set(knob, value)
    }
  }
  return { values: wishes, unmatched }
}

/** What the config fixes for a knob, by the patterns that mean it. */
export function wishesFor(knob: Knob, values: Readonly<Record<string, Wanted>>): (readonly [string, Wanted])[] {
  return Object.entries(values).filter(([pattern]) => parsePattern(pattern).name === knob.name)
}

/** Null: what stands there is within the bound. */
function valueOf(wanted: Wanted, reading: Reading | undefined): KnobValue | null {
  if (typeof wanted !== 'object' || !('at_least' in wanted || 'at_most' in wanted)) return wanted
  const now = reading?.status === 'present' && typeof reading.value === 'number' ? reading.value : null
  if ('at_least' in wanted) return now !== null && now >= wanted.at_least ? null : wanted.at_least
  return now !== null && now <= wanted.at_most ? null : wanted.at_most
}

function parsePattern(pattern: string): { name: string; rules: readonly string[] } {
  const { name, device } = splitRef(pattern)
  return { name, rules: device === null ? ['*'] : device.split(',') }
}

/** A device must match a rule without `!`, where there are any, and none with it. */
function matches(rules: readonly string[], device: string | null): boolean {
  if (device === null) return true
  const excluded = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1))
  const included = rules.filter((rule) => !rule.startsWith('!'))
  return (included.length === 0 || included.some((glob) => fits(glob, device))) && !excluded.some((glob) => fits(glob, device))
}

function fits(glob: string, device: string): boolean {
  const source = glob.replace(/[.:@-]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(device)
}
