import { type KnobValue, sameValue } from '@semantos/core'

/** Do two values mean the same advice? Numbers do when they lie on one side of the value of now and not far apart; words when they are the same. */
export function near(a: KnobValue, b: KnobValue, now: KnobValue | null, factor: number): boolean {
  if (sameValue(a, b)) return true
  if (typeof a === 'number' && typeof b === 'number') return nearNumbers(a, b, typeof now === 'number' ? now : null, factor)
  if (typeof a === 'object' && typeof b === 'object' && a.length === b.length) {
    return a.every((part, index) => {
      const other = b[index] ?? part
      return part === other || nearNumbers(part, other, typeof now === 'object' ? (now?.[index] ?? null) : null, factor)
    })
  }
  return false
}

function nearNumbers(a: number, b: number, now: number | null, factor: number): boolean {
  if (now !== null && Math.sign(a - now) !== Math.sign(b - now)) return false
  if (Math.sign(a) !== Math.sign(b)) return false
  const [smaller, larger] = [Math.abs(a), Math.abs(b)].sort((x, y) => x - y)
  return (larger ?? 0) <= factor * (smaller ?? 0)
}
