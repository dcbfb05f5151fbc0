import { type Knob, ownWords, type Reading } from '@semantos/core'
import { hostPath } from './interfaces.js'

/** What decides why a file is missing. */
export interface Surroundings {
  /** Such as 6.18.44; null where it cannot be read. */
  readonly kernelVersion: string | null
  readonly insideNetns: boolean
  exists(path: string): boolean
}

/** Says why this kernel does not have a knob, and which knob took its place. */
export function absent(knob: Knob, ref: string, around: Surroundings): Extract<Reading, { status: 'unavailable' }> {
  const { since, until, successor } = knob.versions
  const version = around.kernelVersion
  const reading = (reason: string, next: string | null = null) => ({ status: 'unavailable' as const, knob: ref, reason, successor: next })
  if (until !== null && version !== null && compareVersions(version, until) >= 0) {
    return reading(`left the kernel in ${until}; this is ${version}`, successor)
  }
  if (since !== null && version !== null && compareVersions(version, since) < 0) return reading(`came with kernel ${since}; this is ${version}`)
  if (around.insideNetns && knob.where.netns === 'host-only') return reading("exists only in the host's own network namespace")
  if (knob.where.interface === 'debugfs' && !around.exists(hostPath({ interface: 'debugfs', path: 'sched' }))) {
    return reading('debugfs is not mounted, or this kernel has none: mount -t debugfs none /sys/kernel/debug')
  }
  const needs = knob.needs.length > 0 ? `; it needs ${knob.needs.join(', ')}` : ''
  const words = ownWords(knob.type)
  return reading(words.length > 0 ? `${hostPath(knob.where)} has no ${words.join(' or ')} here` : `no ${hostPath(knob.where)} here${needs}`)
}

/** Orders kernel versions by their numbers: 6.6 before 6.18. A suffix such as -rc1 is ignored. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function numbersOf(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number)
}
