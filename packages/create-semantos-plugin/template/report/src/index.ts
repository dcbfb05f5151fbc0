import { join, resolve } from 'node:path'
import { checkWritable, fileOf } from '@semantos/host'
import { definePlugin, formatValue, z } from '@semantos/core'

/** What was changed, one line a knob, in a text file. */
export default definePlugin({
  name: '@acme/semantos-plugin',
  stage: 'report',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({ file: z.string().min(1).optional() }),
  setup({ hooks, paths }, { file }) {
    const path = file === undefined ? join(paths.results, 'changes.txt') : resolve(paths.base, file)

    // A file that cannot be written is told before anything is changed.
    hooks.start.tapPromise('check', ({ planning }) => {
      if (!planning) checkWritable(path)
    })
    hooks.report.tapPromise('write', ({ outcome, changes }, { publish }) => {
      const lines = changes.map(({ knob, from, to }) => `${knob}: ${formatValue(from)} -> ${formatValue(to)}`)
      publish(fileOf(path, `${[outcome, ...lines].join('\n')}\n`))
    })
  },
})
