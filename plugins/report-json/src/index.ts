import { join, resolve } from 'node:path'
import { checkWritable, fileOf } from '@semantos/host'
import { definePlugin, z } from '@semantos/core'

/** Writes the whole run as one JSON document: what was seen, thought, refused, changed, measured and taken back. */
export default definePlugin({
  name: '@semantos/report-json',
  stage: 'report',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({ file: z.string().min(1).optional() }),
  setup(kernel, options) {
    const path = options.file === undefined ? join(kernel.paths.results, 'run.json') : resolve(kernel.paths.base, options.file)

    kernel.hooks.start.tapPromise('check', ({ planning }) => {
      if (!planning) checkWritable(path)
    })
    kernel.hooks.report.tapPromise('write', (report, { publish }) => publish(fileOf(path, `${JSON.stringify(report, null, 2)}\n`)))
  },
})
