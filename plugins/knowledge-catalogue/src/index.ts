import { definePlugin, z } from '@semantos/core'
import { dataFiles, readDataFile } from './data.js'

/** Fills the catalogue with what `data/` says about the kernel's parameters. */
export default definePlugin({
  name: '@semantos/knowledge-catalogue',
  stage: 'knowledge',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({}),
  setup(kernel) {
    kernel.hooks.configure.tapPromise('data files', (catalogue) => {
      for (const file of dataFiles()) for (const knob of readDataFile(file).knobs) catalogue.knob(knob)
    })
  },
})
