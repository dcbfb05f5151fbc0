import { definePlugin, z } from '@semantos/core'

/** Knobs that nobody may touch here, by the start of their names. */
export default definePlugin({
  name: '@acme/semantos-plugin',
  stage: 'guardrails',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({ never: z.array(z.string().min(1)).default(['net.ipv6.']) }),
  setup({ hooks }, { never }) {
    hooks.guard.tapPromise('never', (verdict, { plan }) => {
      for (const { knob } of plan.recommendations) {
        const start = never.find((prefix) => knob.startsWith(prefix))
        if (start === undefined) continue
        verdict.violate({ rule: 'never', knob, message: `${knob} starts with ${start}`, fix: 'leave the knob alone, or change the option never' })
      }
    })
  },
})
