import { definePlugin, z } from '@semantos/core'
import { conflictsOf } from './conflicts.js'
import { dropInsFor } from './drop-ins.js'

export { type Conflict, conflictsOf } from './conflicts.js'
export { type Places, dropInsFor, placesFor, removals } from './drop-ins.js'

const NAME = '@semantos/applier-dropin'

/**
 * Makes what is applied outlive a restart: a sysctl.d drop-in, a udev rule, a tmpfiles.d file. It answers for no knob; it adds its
 * files when the run is told to persist. They stand in the run's journal, so that a rollback removes them.
 */
export default definePlugin({
  name: NAME,
  stage: 'applier',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({ number: z.int().min(10).max(99).default(99) }),
  setup({ hooks, host }, options) {
    hooks.persist.tapPromise('drop-ins', async (applied, { catalogue, log }) => {
      const { files, left } = dropInsFor(host, catalogue, applied, options.number)
      for (const { knob, reason } of left) log(`${knob} will be lost at the next restart: ${reason}`)
      await host.persist(files, NAME)
      for (const { key, file, value, wins } of conflictsOf(host, files)) {
        log(`${file} sets ${key} = ${value} as well; ${wins === 'they' ? 'it is read later, and wins at the next restart' : 'it is read earlier, and ours wins'}`)
      }
    })
  },
})
