import type { Reading } from './change.js'
import type { KnobRef } from './knob.js'

/** The same readings, where a successor that has left the kernel as well gives way to its own. */
export function followSuccessors(readings: ReadonlyMap<KnobRef, Reading>): Map<KnobRef, Reading> {
  return new Map([...readings].map(([ref, reading]) => [ref, reading.status === 'unavailable' ? { ...reading, successor: lastOf(reading.successor, readings) } : reading]))
}

function lastOf(first: KnobRef | null, readings: ReadonlyMap<KnobRef, Reading>): KnobRef | null {
  const seen = new Set<KnobRef>()
  let last = first
  // A catalogue can be wrong, and go round in a circle.
  while (last !== null && !seen.has(last)) {
    seen.add(last)
    const reading = readings.get(last)
    if (reading?.status !== 'unavailable' || reading.successor === null) return last
    last = reading.successor
  }
  return first
}
