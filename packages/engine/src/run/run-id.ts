import { createHash, randomBytes } from 'node:crypto'

/** Sorts by time. With a fixed clock it is the same for the same seed. */
export function runId(fixedTime: Date | null, seed: number): string {
  const time = (fixedTime ?? new Date()).toISOString().replace(/[-:]|\.\d+/g, '')
  const suffix = fixedTime === null ? randomBytes(3).toString('hex') : createHash('sha256').update(String(seed)).digest('hex').slice(0, 6)
  return `${time}-${suffix}`
}
