import { definePlugin, z } from '@semantos/core'

/** One knob a step, in the order of the plan, so that what hurts is known by name. */
export default definePlugin({
  name: '@acme/semantos-plugin',
  stage: 'rollout',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({}),
  setup({ hooks }) {
    hooks.schedule.tapPromise('one-by-one', ({ recommendations }) => recommendations.map(({ knob }) => ({ knobs: [knob], host_share: 1 })))
  },
})
