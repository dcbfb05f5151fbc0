import { definePlugin, type Knob, knobText, type KnobValue, type Reading, sameValue, z } from '@semantos/core'

/**
 * Applies to a map in memory: a stand-in for whatever your knobs live behind. For a kernel's own files take what `setup` is handed
 * as `host`: `readKnob`, `write` and `restore` keep the journal, read back, and know how to take everything back.
 */
export default definePlugin({
  name: '@acme/semantos-plugin',
  stage: 'applier',
  api: 1,
  from: import.meta.url,
  // It changes no machine: a run needs no root and no journal for it.
  live: false,
  options: z.strictObject({}),
  setup({ hooks }) {
    const values = new Map<string, KnobValue>()

    // Answering for a knob claims it: no applier behind this one is asked for it.
    hooks.read.tapPromise('memory', (readings) => {
      for (const knob of readings.knobs) if (knob.where.per === 'host' && knob.default !== null) readings.add(reading(knob, values.get(knob.name) ?? knob.default))
    })
    hooks.apply.tapPromise('memory', ({ changes }) =>
      changes.map(({ knob, from, to }) => {
        values.set(knob, to)
        return { knob, before: from, wanted: to, stored: to }
      }),
    )
    hooks.undo.tapPromise('memory', ({ applied }) =>
      applied.map(({ knob, before }) => {
        const now = values.get(knob)
        if (now === undefined || sameValue(now, before)) return { knob, outcome: 'unchanged' as const, now: before, detail: 'in memory' }
        values.set(knob, before)
        return { knob, outcome: 'restored' as const, now: before, detail: 'in memory' }
      }),
    )
  },
})

/** `live: false`: a write changes no running system, so a run needs no leave for it. */
function reading({ name, type }: Knob, value: KnobValue): Reading {
  return { status: 'present', knob: name, text: knobText(type, value), value, writable: true, live: false }
}
