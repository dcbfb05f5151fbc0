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
    const run = kernel.perRun((): { trials: TrialsFile | null } => ({ trials: null }))
    const unfinished = new Set<TrialsFile>()

    kernel.hooks.start.tapPromise('check', ({ planning }, context) => {
      if (planning) return
      checkWritable(summaryPath)
      checkWritable(trialsPath)
      const trials = new TrialsFile(trialsPath, (name) => context.log(`the first trial had no counter '${name}', so trials.csv has no column for it`))
      run(context).trials = trials
      unfinished.add(trials)
    })
    kernel.hooks.trial.tapPromise('row', (trial, context) => run(context).trials?.add(trial))
    kernel.hooks.report.tapPromise('write', (report, context) => {
      const summary = new CsvFile(summaryPath, SUMMARY_COLUMNS)
      summary.add(summaryRow(report))
      context.publish(summary.file)
      const own = run(context)
      if (own.trials === null) return
      context.publish(own.trials.file)
      unfinished.delete(own.trials)
      own.trials = null
    })
    kernel.hooks.dispose.tapPromise('discard', () => unfinished.forEach((trials) => trials.discard()))
  },
})
