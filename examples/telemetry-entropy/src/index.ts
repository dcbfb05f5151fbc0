import { SemantosError, definePlugin, z } from '@semantos/core'

/** How much entropy the kernel's pool holds, in bits: random(4). */
export default definePlugin({
  name: '@acme/semantos-telemetry-entropy',
  stage: 'telemetry',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    path: z.string().startsWith('/').default('/proc/sys/kernel/random/entropy_avail'),
  }),
  setup({ hooks, host }, { path }) {
    const file = host.open(path)
    hooks.collect.tapPromise('pool', (snapshot) => {
      const read = file.read()
      if ('reason' in read) return snapshot.missing({ name: 'entropy.available_bits', reason: read.reason })
      const bits = Number(read.text)
      if (!Number.isInteger(bits)) throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `not a number: ${read.text.trim()}`, place: path })
      snapshot.add({ name: 'entropy.available_bits', value: bits, unit: 'bits' })
    })
  },
})
