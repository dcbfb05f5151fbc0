import { expect, test } from 'vitest'
import type { Reading } from './change.js'
import { followSuccessors } from './successors.js'

const gone = (knob: string, successor: string | null): [string, Reading] => [knob, { status: 'unavailable', knob, reason: 'left the kernel', successor }]
const successors = (...readings: [string, Reading][]) =>
  [...followSuccessors(new Map(readings)).values()].map((reading) => (reading.status === 'unavailable' ? reading.successor : reading.status))

test.each([
  ['one that is here', [gone('k.old', 'k.new'), ['k.new', { status: 'not permitted', knob: 'k.new', reason: 'lockdown' }]], ['k.new', 'not permitted']],
  ['one that has left as well', [gone('k.old', 'k.mid'), gone('k.mid', 'k.new'), gone('k.new', null)], ['k.new', 'k.new', null]],
  ['one that nobody has read', [gone('k.old', 'k.mid')], ['k.mid']],
  ['one another in a circle', [gone('k.a', 'k.b'), gone('k.b', 'k.a')], ['k.b', 'k.a']],
] satisfies [string, [string, Reading][], unknown[]][])('successors: %s', (_, readings, expected) => {
  expect(successors(...readings)).toEqual(expected)
})
