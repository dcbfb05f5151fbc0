import { definePlugin, z } from '@semantos/core'
import { cut } from './batches.js'
import { groupsOf } from './groups.js'
import { inOrder } from './order.js'

const Share = z.number().gt(0).max(1)

/** Cuts a plan into small steps that keep related knobs together, prerequisites and low risk first. */
export default definePlugin({
  name: '@semantos/rollout-staggered',
  stage: 'rollout',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    /** Most recommendations in a step; a group of related knobs stays whole even when it is larger. */
    batch: z.int().min(1).default(3),
    /** Shares of the fleet that each batch is applied to, one after the other. */
    shares: z.array(Share).min(1).refine(ascendsToAll, { error: 'must ascend and end with 1' }).default([1]),
    /** Edges of the knowledge graph from this weight on keep knobs together. */
    min_edge_weight: z.number().min(0).max(1).default(0.5),
  }),
  setup(kernel, options) {
    kernel.hooks.schedule.tapPromise('batches', ({ recommendations }, { catalogue, evidence }) => {
      const strong = evidence.edges.filter((edge) => edge.weight >= options.min_edge_weight)
      const groups = groupsOf(recommendations.map(({ knob }) => knob), strong, catalogue)
      return cut(inOrder(groups, evidence.edges, catalogue), options.batch).flatMap((knobs) => options.shares.map((share) => ({ knobs, host_share: share })))
    })
  },
})

function ascendsToAll(shares: readonly number[]): boolean {
  return shares.at(-1) === 1 && shares.every((share, index) => index === 0 || share > (shares[index - 1] ?? 0))
}
