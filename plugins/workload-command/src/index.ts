import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { definePlugin } from '@semantos/core'
import { Options } from './options.js'
import { Workload } from './workload.js'

/** For wrk -s, which prints no p95 of its own. */
const WRK_LATENCY = fileURLToPath(new URL('../lua/wrk-latency.lua', import.meta.url))

/** Any command as a trial: its output is read through a named parser. */
export default definePlugin({
  name: '@semantos/workload-command',
  stage: 'workload',
  api: 1,
  from: import.meta.url,
  live: true,
  options: Options,
  setup(kernel, options) {
    const cwd = resolve(kernel.paths.base, options.cwd)
    const own = { SEMANTOS_WRK_LATENCY: WRK_LATENCY, ...options.env }
    const workload = new Workload(options, { cwd, env: { ...process.env, ...own }, own, host: kernel.host })
    kernel.hooks.measure.tapPromise('run', (request, context) => workload.measure(request, context))
    kernel.hooks.dispose.tapPromise('stop', () => workload.close())
  },
})
