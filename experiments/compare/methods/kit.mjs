import rules from '@semantos/reasoning-rules'
import { recommendedBy } from './recommended-by.mjs'

/** The eight fixed recommendations of the reproduction kit, those that exist on this kernel. */
export const kit = {
  name: 'the kit',
  unavailable: () => null,
  async find(task) {
    await task.trial([])
    const wishes = await recommendedBy(rules({ sets: ['kit'] }), { current: task.current, place: task.place, metrics: await task.metrics() })
    return (await task.trial(wishes)).settings
  },
}
