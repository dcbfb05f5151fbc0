import { definePlugin, z } from '@semantos/core'

const NAME = '@semantos/applier-sysfs'

/**
 * Kernel parameters under /sys, most of them one a device, and under /sys/kernel/debug. As with applier-sysctl, the host's door does
 * the work.
 */
export default definePlugin({
  name: NAME,
  stage: 'applier',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({}),
  setup({ hooks, host }) {
    hooks.read.tapPromise('sys', (readings) => {
      for (const knob of readings.knobs) {
        if (knob.where.interface !== 'sysctl') host.readKnob(knob).forEach((reading) => readings.add(reading))
      }
    })
    hooks.apply.tapPromise('sys', ({ changes }, { signal }) => host.write(changes.map(({ knob, to }) => ({ ref: knob, value: to })), NAME, signal))
    hooks.undo.tapPromise('sys', ({ applied }) => host.restore(applied.map(({ knob }) => knob), NAME).then((undone) => [...undone]))
  },
})
