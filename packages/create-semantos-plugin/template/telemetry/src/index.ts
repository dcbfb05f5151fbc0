import { definePlugin, SemantosError, z } from '@semantos/core'

/** How many processes and threads there are: the fourth field of /proc/loadavg, proc_loadavg(5). */
export default definePlugin({
  name: '@acme/semantos-plugin',
  stage: 'telemetry',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({ path: z.string().startsWith('/').default('/proc/loadavg') }),
  setup({ hooks, host }, { path }) {
    const file = host.open(path)
    hooks.collect.tapPromise('threads', (snapshot) => {
      const read = file.read()
      if ('reason' in read) return snapshot.missing({ name: 'example.threads', reason: read.reason })
      const threads = /^\S+ \S+ \S+ \d+\/(\d+) /.exec(read.text)?.[1]
      if (threads === undefined) throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `not a load average: ${read.text.trim()}`, place: path })
      snapshot.add({ name: 'example.threads', value: Number(threads), unit: 'threads' })
    })
  },
})
