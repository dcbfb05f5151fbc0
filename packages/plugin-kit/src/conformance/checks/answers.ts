import assert from 'node:assert/strict'
import type { Check } from '../check.js'
import { differsAt } from '../differs-at.js'
import { failuresOf, inRig } from '../rig.js'
import type { World } from '../world/world.js'

export const answers: readonly Check[] = [
  {
    name: 'answers: every hook it taps is answered as the model demands, within the default time limit',
    run: ({ plugin, world }) => inRig(plugin(), world, {}, async ({ asks }) => assert.deepEqual(await failuresOf(asks), [])),
  },
  {
    name: 'answers: what it is handed stays as it was',
    run: ({ plugin, world }) =>
      inRig(plugin(), world, {}, async ({ asks }) => {
        for (const { hook, run } of asks) {
          const before = told(world)
          await run().catch(() => undefined)
          const changed = differsAt(JSON.parse(before), JSON.parse(told(world)))
          assert.ok(changed === null, `${hook} changed what it was handed: ${changed}; return a copy with the changes`)
        }
      }),
  },
]

/** All of a world in one text. */
function told({ root: _root, files: _files, beforeApply: _beforeApply, ...handed }: World): string {
  return JSON.stringify(handed, (_key, value: unknown) => (value instanceof Map ? [...value] : value))
}
