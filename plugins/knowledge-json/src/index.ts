import { join, resolve } from 'node:path'
import { Edge, Knob, checkWritable, definePlugin, z } from '@semantos/core'
import { Experiences } from './experiences.js'
import { readList } from './json-file.js'
import { nearest } from './nearest.js'
import { traceOf } from './trace-of.js'

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
    kernel.hooks.retrieve.tapPromise('evidence', (evidence, { catalogue, snapshot, run }) => {
      for (const edge of readList(join(folder, 'edges.json'), SimpleEdge)) if (catalogue.get(edge.from) && catalogue.get(edge.to)) evidence.edge(edge)
      // A run that is repeated under its own name is no evidence for itself.
      const past = experiences.read().filter(({ id }) => id !== run)
      const metrics = Object.fromEntries(snapshot.metrics.map(({ name, value }) => [name, value]))
      for (const trace of nearest(past, metrics, options.nearest)) evidence.trace(trace)
    })
    kernel.hooks.learn.tapPromise('remember', async (report) => {
      const trace = traceOf(report)
      if (trace) await experiences.add(trace)
    })
  },
})
