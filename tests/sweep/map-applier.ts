import { definePlugin, formatValue, type KnobRef, type KnobValue, z } from '@semantos/core'

/** Knobs in a map, beginning at the catalogue's defaults: the contract of an applier without a file. */
export const mapApplier = definePlugin({
  name: 'map-applier',
  stage: 'applier',
  api: 1,
  options: z.strictObject({ live: z.boolean().default(false) }),
  setup(kernel, { live }) {
    const values = new Map<KnobRef, KnobValue>()
    kernel.hooks.read.tapPromise('map', (readings) => {
      for (const { name, default: usual } of readings.knobs) {
        const value = values.get(name) ?? usual
        if (value !== null) readings.add({ status: 'present', knob: name, text: formatValue(value), value, writable: true, live })
      }
    })
    kernel.hooks.apply.tapPromise('map', ({ changes }) =>
      changes.map(({ knob, from, to }) => {
        values.set(knob, to)
        return { knob, before: from, wanted: to, stored: to }
      }),
    )
    kernel.hooks.undo.tapPromise('map', ({ applied }) =>
      applied.map(({ knob, before }) => {
        values.set(knob, before)
        return { knob, outcome: 'restored' as const, now: before, detail: '' }
      }),
    )
  },
})
