import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MetricDraft } from '../../model/telemetry.js'
import { Call } from '../call.js'
import { parseMetric } from './parsed-metric.js'

const call = new Call('watch', 'a', 'tap', { underway: new Set(), aborted: null, began: () => undefined, limitMs: () => 1000, log: () => undefined, random: () => () => 0 })

/** What may come of a plugin: a few names, so that they come again, with good and bad values, units and keys. */
const Input = fc.oneof(
  fc.anything(),
  fc.record(
    { name: fc.constantFrom('load', 'cpu.idle_pct', 'Load', ''), value: fc.oneof(fc.double(), fc.constant(-0), fc.constant('1')), unit: fc.constantFrom('tasks', 'pct', '', 1), source: fc.constant('b') },
    { requiredKeys: [] },
  ),
)

it('takes and refuses what the schema does, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(Input), (inputs) => {
      for (const input of inputs) {
        const { success, data } = MetricDraft.safeParse(input)
        if (success) expect(parseMetric(input, call)).toEqual(data)
        else expect(() => parseMetric(input, call)).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_PLUGIN_OUTPUT' }))
      }
    }),
  )
})
