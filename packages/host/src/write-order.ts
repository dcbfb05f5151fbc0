import { changedAlong, type Knob, type KnobRef, splitRef, whyNotAbove } from '@semantos/core'

interface Ordered {
  readonly ref: KnobRef
  readonly knob: Knob
  /** Numbers where the values are numbers. */
  readonly from: unknown
  readonly to: unknown
}

/**
 * The order in which a batch is written: as given, but an upper bound that rises goes before its lower one, one that falls
 * after it (the kernel refuses it otherwise, or behaves as if the bound were another), and a knob goes before those that it
 * changes along. A restore goes the same way back.
 */
export function inWriteOrder<T extends Ordered>(batch: readonly T[]): T[] {
  const bound = batch.filter(({ knob }) => changedAlong(knob).length + knob.not_above.length > 0)
  const ordered = new Set<T>()
  const place = (write: T, waiting: ReadonlySet<T>): void => {
    if (ordered.has(write) || waiting.has(write)) return
    for (const first of mustGoBefore(write, batch, bound)) place(first, new Set([...waiting, write]))
    ordered.add(write)
  }
  for (const write of batch) place(write, new Set())
  return [...ordered]
}

/** `bound` holds the writes whose knobs have relations at all: a batch of hundreds has a handful. */
function mustGoBefore<T extends Ordered>(write: T, batch: readonly T[], bound: readonly T[]): T[] {
  const { device } = splitRef(write.ref)
  const others = bound.includes(write) ? batch : bound
  return others.filter((other) => other !== write && splitRef(other.ref).device === device && goesBefore(other, write))
}

function goesBefore(first: Ordered, second: Ordered): boolean {
  if (whyNotAbove(first.knob, second.knob.name) !== undefined) return !rises(second)
  if (whyNotAbove(second.knob, first.knob.name) !== undefined) return rises(first)
  // A pair that resets each other keeps the order given.
  return changedAlong(first.knob).includes(second.knob.name) && !second.knob.resets.includes(first.knob.name)
}

function rises({ from, to }: Ordered): boolean {
  return typeof from === 'number' && typeof to === 'number' && to > from
}
