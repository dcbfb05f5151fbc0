import { definePlugin, z } from '@semantos/core'
import { host } from '@semantos/preset-host'
import fixed from '@semantos/reasoning-fixed'

const quiet = definePlugin({ name: 'quiet', stage: 'telemetry', api: 1, options: z.strictObject({ api_key: z.string() }), setup: ({ hooks }) => hooks.collect.tapPromise('nothing', () => undefined) })

/** A host whose plan is known: two changes, and one knob that is gone. */
export default {
  ...host(),
  name: 'fixed',
  telemetry: quiet({ api_key: 'hunter2' }),
  reasoning: fixed({ values: { 'vm.swappiness': 10, 'net.core.somaxconn': 8192, 'kernel.sched_latency_ns': 18_000_000 } }),
  report: [],
  paths: { knowledge: 'kb', results: 'results', backup: 'backup' },
}
