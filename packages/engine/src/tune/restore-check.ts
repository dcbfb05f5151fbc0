import { readKnobs } from '../cycle/knobs.js'
import { type KnobRef, type Noise, sameValue, type TuneReport } from '@semantos/core'
import { median } from '@semantos/stats'
import { BASELINE } from './arm.js'
import type { Bench } from './bench.js'
import { goalValue } from './goal.js'
import { identicalOf } from './noise.js'

/** Somebody else has changed what was on trial: there is no way back to how it was. */
export function lostTo(foreign: readonly KnobRef[]): NonNullable<TuneReport['heal']> {
  return { values_restored: false, ratio: null, words: `not as they were: ${foreign.join(', ')}: somebody else has changed it while it was on trial, and theirs stays` }
}

/** What was kept is made to stand again only after this. */
const BACK = 'with everything taken back, every value was as before'

/** After the last rollback: are all values back, and does the baseline measure as it did at first? */
export async function healCheck(bench: Bench, noise: Noise): Promise<NonNullable<TuneReport['heal']>> {
  await bench.backToBaseline()
  if (bench.foreign.length > 0) return lostTo(bench.foreign)
  const { readings } = await readKnobs(bench.kernel, bench.cycle, bench.scope)
  const changed = [...bench.baseline].flatMap(([knob, value]) => {
    const now = readings.get(knob)
    return now?.status === 'present' && sameValue(now.value, value) ? [] : [knob]
  })
  if (changed.length > 0) return { values_restored: false, ratio: null, words: `not as they were: ${changed.join(', ')}` }

  const { goal } = bench.settings
  const first = identicalOf(bench.trials).map(({ result }) => goalValue(result, goal))
  const last: number[] = []
  while (last.length < bench.healTrials) last.push(goalValue((await bench.trial('heal', BASELINE)).result, goal))
  const ratio = median(last) / median(first)
  const expected = Math.abs(Math.log(ratio)) <= 3 * noise.sd_log + Math.log(noise.floor_ratio)
  const words = expected ? `${BACK}, and the baseline measured as at first` : `${BACK}, but the baseline's ${goal} was ${ratio.toPrecision(3)} times what it was at first: the machine has drifted`
  return { values_restored: true, ratio, words }
}
