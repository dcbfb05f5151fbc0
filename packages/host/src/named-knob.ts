import { SemantosError } from '@semantos/core'
import { similarTo } from '@semantos/core/kernel'
import type { JournalText } from './journal.js'
import { touchesOf } from './replay.js'

/** True for the knob itself, and for one of its devices where it is asked for without one. */
export function isKnob(name: string, asked: string): boolean {
  return name === asked || name.startsWith(`${asked}[`)
}

/** Refuses a knob that these runs have never changed: mistyped, it must not read as if it had been taken back. */
export function mustHaveChanged(asked: string, journals: readonly JournalText[], run: string | undefined): void {
  const names = new Set(journals.flatMap(({ records }) => records.flatMap((record) => (record.type === 'intent' ? touchesOf(record).map(({ knob }) => knob) : []))))
  if ([...names].some((name) => isKnob(name, asked))) return
  const near = similarTo(asked, [...names])
  const whose = run === undefined || run === 'all' ? 'no run has ever changed' : `run ${run} has not changed`
  throw new SemantosError('SEMANTOS_E_USAGE', {
    message: `${whose} a knob called '${asked}'; nothing was taken back`,
    place: '--knob',
    next: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'semantos status shows what is applied, semantos history what each run has changed.',
  })
}
