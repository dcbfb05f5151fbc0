import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkWritable } from '@semantos/host'
import { definePlugin, tracesOf, z } from '@semantos/core'
import { explainNearness, pastRunInWords, seenBy } from '@semantos/memory'
import { Memory } from './memory.js'

export { Memory } from './memory.js'

const MOST_TOLD = 3

/** Memory of past runs in one SQLite file: a million of them, and the nearest in milliseconds. */
export default definePlugin({
  name: '@semantos/knowledge-sqlite',
  stage: 'knowledge',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    file: z.string().min(1).optional(),
    keep: z.int().min(1).max(10_000_000).default(1_000_000),
    nearest: z.int().min(0).max(64).default(5),
  }),
  setup(kernel, options) {
    const file = options.file === undefined ? join(kernel.paths.knowledge, 'traces.sqlite') : resolve(kernel.paths.base, options.file)
    const experiences = join(kernel.paths.knowledge, 'experiences.json')
    let opened: Promise<Memory> | null = null
    const memory = (now: Date): Promise<Memory> => (opened ??= Memory.open(file, now))

    kernel.hooks.start.tapPromise('check, take over', async ({ planning }, { now }) => {
      if (planning) return
      checkWritable(file)
      // A new memory begins with what knowledge-json has kept.
      if (!existsSync(file) && existsSync(experiences)) (await memory(now())).importFrom(experiences)
    })
    kernel.hooks.retrieve.tapPromise('nearest', async (evidence, observed) => {
      // Looking makes no file: a run that only plans writes nothing.
      if (options.nearest === 0 || !existsSync(file)) return
      const seen = seenBy(observed)
      for (const near of await (await memory(observed.now())).nearest(seen, options.nearest, observed.run)) {
        evidence.trace(near.trace)
        evidence.document(explainNearness(near, seen))
      }
    })
    kernel.hooks.learn.tapPromise('remember', async (report, { now }) => {
      const traces = tracesOf(report)
      if (traces.length > 0) (await memory(now())).add(traces, options.keep)
    })
    kernel.hooks.explain.tapPromise('past runs', async (notes, { now }) => {
      if (!existsSync(file)) return
      for (const trace of (await memory(now())).search([notes.knob.name], MOST_TOLD)) notes.note('past run', pastRunInWords(trace, notes.knob.name))
    })
    kernel.hooks.dispose.tapPromise('close', async () => {
      // What could not be opened has been said, and needs no closing.
      await opened?.then((memory) => memory.close(), () => undefined)
      opened = null
    })
  },
})
