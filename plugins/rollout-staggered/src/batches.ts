import type { KnobRef } from '@semantos/core'

/** Fills batches with whole groups, in order. A group larger than a batch is a batch of its own. */
export function cut(groups: readonly (readonly KnobRef[])[], batch: number): KnobRef[][] {
  const batches: KnobRef[][] = []
  for (const group of groups) {
    const open = batches.at(-1)
    if (open && open.length + group.length <= batch) open.push(...group)
    else batches.push([...group])
  }
  return batches
}
