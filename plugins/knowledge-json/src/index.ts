import { join, resolve } from 'node:path'
import { definePlugin, Edge, Knob, splitRef, tracesOf, z } from '@semantos/core'
import { checkWritable } from '@semantos/host'
import { explainNearness, isOfRun, nearest, pastRunInWords, seenBy } from '@semantos/memory'
import { Experiences } from './experiences.js'
import { readList } from './json-file.js'

/** Past runs that `semantos explain` tells of a knob: the newest. */
const MOST_TOLD = 3

const SimpleEdge = Edge.extend({
  evidence_count: Edge.shape.evidence_count.default(0),
  source: Edge.shape.source.default('edges.json'),
  updated: Edge.shape.updated.default(null),
})

/** Knobs and edges of the user's own, and the experiences of past runs, in JSON files that a person can read and edit. */
export default definePlugin({
  name: '@semantos/knowledge-json',
  stage: 'knowledge',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    dir: z.string().min(1).optional(),
    keep: z.int().min(1).max(100_000).default(1000),
    nearest: z.int().min(0).max(1000).default(5),
  }),
  setup(kernel, options) {
    const folder = options.dir === undefined ? kernel.paths.knowledge : resolve(kernel.paths.base, options.dir)
    const experiences = new Experiences(folder, options.keep)

    kernel.hooks.configure.tapPromise('knobs', (catalogue) => {
      for (const knob of readList(join(folder, 'knobs.json'), Knob)) catalogue.knob(knob)
    })
    kernel.hooks.start.tapPromise('check', ({ planning }) => {
      if (!planning) checkWritable(experiences.path)
    })
    kernel.hooks.retrieve.tapPromise('evidence', async (evidence, observed) => {
      const { catalogue, run } = observed
      for (const edge of readList(join(folder, 'edges.json'), SimpleEdge)) if (catalogue.get(edge.from) && catalogue.get(edge.to)) evidence.edge(edge)
      // A run that is repeated under its own name is no evidence for itself.
      const past = experiences.read().filter((trace) => !isOfRun(trace, run))
      const now = seenBy(observed)
      for (const near of await nearest(past, now, options.nearest)) {
        evidence.trace(near.trace)
        evidence.document(explainNearness(near, now))
      }
    })
    kernel.hooks.learn.tapPromise('remember', (report) => experiences.add(tracesOf(report)))
    kernel.hooks.explain.tapPromise('past runs', (notes) => {
      const { name } = notes.knob
      const changed = experiences.read().filter(({ actions }) => actions.some(({ knob }) => splitRef(knob).name === name))
      for (const trace of changed.slice(-MOST_TOLD)) notes.note('past run', pastRunInWords(trace, name))
    })
  },
})
