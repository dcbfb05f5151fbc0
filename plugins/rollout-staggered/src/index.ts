import { definePlugin, z } from '@semantos/core'
import { cut } from './batches.js'
import { groupsOf } from './groups.js'
import { inOrder } from './order.js'

/** Cuts a plan into small steps that keep related knobs together, prerequisites and low risk first. */
export default definePlugin({
  name: '@semantos/rollout-staggered',
  stage: 'rollout',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    /** Most recommendations in a step; a group of related knobs stays whole even when it is larger. */
    batch: z.int().min(1).default(3),
    /** Edges of the knowledge graph from this weight on keep knobs together. */
    min_edge_weight: z.number().min(0).max(1).default(0.5),
  }),
  setup(kernel, options) {
    kernel.hooks.schedule.tapPromise('batches', ({ recommendations }, { catalogue, evidence }) => {
      const strong = evidence.edges.filter((edge) => edge.weight >= options.min_edge_weight)
      const groups = groupsOf(recommendations.map(({ knob }) => knob), strong, catalogue)
      return cut(inOrder(groups, evidence.edges, catalogue), options.batch).map((knobs) => ({ knobs, host_share: 1 }))
    })
  },
})
