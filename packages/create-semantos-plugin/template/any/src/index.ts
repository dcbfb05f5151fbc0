import { definePlugin, z } from '@semantos/core'

/** Tells the operator how a run ended, and what went wrong in it. A plugin of stage `any` may tap every hook. */
export default definePlugin({
  name: '@acme/semantos-plugin',
  stage: 'any',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({ prefix: z.string().default('run') }),
  setup({ hooks }, { prefix }) {
    hooks.report.tapPromise('end', ({ outcome }, { log }) => log(`${prefix}: ${outcome}`))
    hooks.fault.tapPromise('fault', ({ code, message }, { log }) => log(`${prefix}: ${code}: ${message}`))
  },
})
