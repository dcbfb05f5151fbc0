import { definePlugin, z } from '@semantos/core'

const NAME = '@semantos/applier-sysctl'

/**
 * Kernel parameters under /proc/sys. The host's door does the work: it finds the file, keeps the journal, writes, reads back and
 * restores. A parameter that this kernel lacks is answered for as well, with the reason and its successor.
 */
export default definePlugin({
  name: NAME,
  stage: 'applier',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({}),
  setup({ hooks, host }) {
    hooks.read.tapPromise('proc-sys', (readings) => {
      for (const knob of readings.knobs) {
        if (knob.where.interface === 'sysctl') host.readKnob(knob).forEach((reading) => readings.add(reading))
      }
    })
    hooks.apply.tapPromise('proc-sys', ({ changes }, { signal }) => host.write(changes.map(({ knob, to }) => ({ ref: knob, value: to })), NAME, signal))
    hooks.undo.tapPromise('proc-sys', ({ applied }) => host.restore(applied.map(({ knob }) => knob), NAME).then((undone) => [...undone]))
  },
})
