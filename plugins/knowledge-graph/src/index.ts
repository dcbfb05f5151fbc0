import { join, resolve } from 'node:path'
import { definePlugin, type Edge, z } from '@semantos/core'
import { checkWritable } from '@semantos/host'
import { aged } from './ageing.js'
import { readEdges, updateEdges } from './edge-file.js'
import { Library } from './library.js'
import { outcomesOf } from './outcome.js'
import { refreshed } from './refresh.js'
import { edgeOf, isKnown, readSeedEdges } from './seeds.js'

export { type KnobGraph, type Neighbour, buildGraph, conflicts, neighbourhood, path } from './knob-graph.js'
export { Library } from './library.js'

/** How knobs hang together: what documentation states, what sweeps have measured, what outcomes have taught; and notes on what metrics mean. */
export default definePlugin({
  name: '@semantos/knowledge-graph',
  stage: 'knowledge',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    dir: z.string().min(1).optional(),
    gamma_per_day: z.number().gt(0).max(1).default(0.99),
    min_weight: z.number().min(0).max(1).default(0.05),
    documents: z.int().min(0).max(100).default(5),
  }),
  setup(kernel, options) {
    const folder = options.dir === undefined ? kernel.paths.knowledge : resolve(kernel.paths.base, options.dir)
    const learntFile = join(folder, 'graph.json')
    const seeds = readSeedEdges()
    const known = (): Edge[] => [...seeds.map(edgeOf), ...readEdges(join(folder, 'edges.json'))]
    let library: Promise<Library> | null = null


    kernel.hooks.start.tapPromise('check', ({ planning }) => {
      if (!planning) checkWritable(learntFile)
    })
    kernel.hooks.retrieve.tapPromise('edges and documents', async (evidence, { catalogue, snapshot, now }) => {
      const between = [...known(), ...readEdges(learntFile)].filter(isKnown(catalogue))
      for (const edge of between.map((edge) => aged(edge, now(), options.gamma_per_day))) if (edge.weight >= options.min_weight) evidence.edge(edge)
      if (options.documents === 0) return
      library ??= Library.open(catalogue)
      for (const document of (await library).relevant(snapshot, options.documents)) evidence.document(document)
    })
    kernel.hooks.learn.tapPromise('outcomes', async (report, { now }) => {
      const outcomes = outcomesOf(report)
      if (outcomes.length === 0) return
      const relations = known()
      await updateEdges(learntFile, report.run, (learnt) => outcomes.reduce<readonly Edge[]>((edges, outcome) => refreshed(edges, relations, outcome, now(), options.gamma_per_day), learnt))
    })
    kernel.hooks.explain.tapPromise('relations and notes', async (notes, { catalogue }) => {
      for (const { from, kind, to, because } of seeds.filter(isKnown(catalogue))) {
        if (from === notes.knob.name || to === notes.knob.name) notes.note('relation', `${from} ${kind.replaceAll('_', ' ')} ${to}: ${because}`)
      }
      library ??= Library.open(catalogue)
      for (const { id, title, text } of (await library).about(notes.knob.name)) notes.note('note', `${title}: ${text} [${id}]`)
    })
  },
})
