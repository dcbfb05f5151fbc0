import { join, resolve } from 'node:path'
import { checkWritable } from '@semantos/host'
import { definePlugin, z } from '@semantos/core'
import { CsvFile } from './csv-file.js'
import { SUMMARY_COLUMNS, summaryRow } from './summary.js'
import { TrialsFile } from './trials.js'

/** Writes the run's numbers to summary.csv, and every trial to trials.csv as it comes. Both appear only when they are whole. */
export default definePlugin({
  name: '@semantos/report-csv',
  stage: 'report',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({ dir: z.string().min(1).optional() }),
  setup(kernel, options) {
    const folder = options.dir === undefined ? kernel.paths.results : resolve(kernel.paths.base, options.dir)
    const [summaryPath, trialsPath] = [join(folder, 'summary.csv'), join(folder, 'trials.csv')]
    let trials: TrialsFile | null = null

    kernel.hooks.start.tapPromise('check', ({ planning }, context) => {
      if (planning) return
      checkWritable(summaryPath)
      checkWritable(trialsPath)
      trials?.discard()
      trials = new TrialsFile(trialsPath, (name) => context.log(`the first trial had no counter '${name}', so trials.csv has no column for it`))
    })
    kernel.hooks.trial.tapPromise('row', (trial) => trials?.add(trial))
    kernel.hooks.report.tapPromise('write', (report, { publish }) => {
      const summary = new CsvFile(summaryPath, SUMMARY_COLUMNS)
      summary.add(summaryRow(report))
      publish(summary.file)
      if (trials) publish(trials.file)
      trials = null
    })
    kernel.hooks.dispose.tapPromise('discard', () => trials?.discard())
  },
})
