import { expect, it } from 'vitest'
import { SYMPTOMS } from './rules/index.js'
import { BEYOND_KNOBS } from '../testing/cases/beyond-knobs.js'
import { reasoner } from '../testing/situation.js'

const WITHOUT_REMEDY = SYMPTOMS.filter(({ remedies }) => remedies.length === 0)

it('every symptom without a knob has a case', () => {
  expect(BEYOND_KNOBS.map(({ id }) => id).toSorted()).toEqual(WITHOUT_REMEDY.map(({ id }) => id).toSorted())
})

it.each(BEYOND_KNOBS)('$id is told with advice and changes nothing, and is silent on a host that is well', async ({ id, seen, well, advises }) => {
  await using rules = await reasoner()
  const says = WITHOUT_REMEDY.find((symptom) => symptom.id === id)?.says ?? ''
  const told = async (metrics: Readonly<Record<string, number>>) => {
    const { recommendations, advice } = await rules.reason({ metrics })
    expect(recommendations).toEqual([])
    return advice.filter(({ symptom }) => symptom.startsWith(says))
  }
  const [advice, ...others] = await told(seen)
  expect(others).toEqual([])
  expect(advice?.text).toMatch(advises)
  expect(advice?.cues.map(({ metric }) => metric)).toEqual(Object.keys(seen))
  expect(await told(well)).toEqual([])
})
