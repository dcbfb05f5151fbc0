import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { definePlugin, z } from '@semantos/core'
import { fileOf } from '@semantos/host'
import { trialsCsv } from './trials-csv.js'

const Manifest = z.object({ name: z.string(), version: z.string() })

/** Writes a tune as report.html, report.md and trials.csv, beside its tune.json. */
export default definePlugin({
  name: '@semantos/report-html',
  stage: 'report',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({}),
  setup(kernel) {
    kernel.hooks.tuned.tapPromise('write', async (report, { publish }) => {
      const folder = join(kernel.paths.results, 'tune', report.run)
      publish(fileOf(join(folder, 'trials.csv'), trialsCsv(report.trials)))
      // Loaded here: the drawing library takes a second, and only a tune needs it.
      const { charts, htmlOf, markdownOf, pageOf } = await import('./render.js')
      const page = pageOf(report, charts, writer())
      publish(fileOf(join(folder, 'report.html'), htmlOf(page)))
      publish(fileOf(join(folder, 'report.md'), markdownOf(page)))
    })
  },
})

function writer(): string {
  const { name, version } = Manifest.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))
  return `${name} ${version} on Node ${process.version}`
}
