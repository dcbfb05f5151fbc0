import assert from 'node:assert/strict'
import { definePlugin, isSemantosError, type Plugin, z } from '@semantos/core'
import { TapWatch } from '../by-plugin.js'
import type { Check, Subject } from '../check.js'
import { makeFolders } from '../folders.js'
import { Leftovers } from '../leftovers.js'
import { mount } from '../../mount.js'
import { failuresOf, inRig } from '../rig.js'

const ADVICE = 'something is left after dispose; tap hooks.dispose and close it there'

/** Stands behind the plugin in the config and cannot be set up. */
const broken: Plugin = definePlugin({
  name: 'cannot-be-set-up',
  stage: 'any',
  api: 1,
  options: z.strictObject({}),
  setup: () => {
    throw new Error('set up to fail')
  },
})()

export const disposal: readonly Check[] = [
  {
    name: 'disposal: after a run nothing is left open or running',
    run: (subject) => closed(subject, true),
  },
  {
    name: 'disposal: a plugin that was never asked closes as well',
    run: (subject) => closed(subject, false),
  },
  {
    name: 'disposal: closing twice is closing once',
    run: ({ plugin, world }) =>
      inRig(plugin(), world, {}, async ({ kit: { kernel }, asks }) => {
        await failuresOf(asks)
        for (const time of ['first', 'second']) assert.deepEqual(await kernel.hooks.dispose.settle(null, kernel.context()), [], `the ${time} dispose fails`)
      }),
  },
  {
    name: 'disposal: where another plugin cannot be set up, nothing is left of this one',
    run: async ({ plugin, world }) => {
      using folders = makeFolders(world.root, world.files)
      const taps = new TapWatch()
      using leftovers = new Leftovers(taps, [folders.root, folders.base])
      const failure = await mount([taps.watched(plugin()), broken], { root: folders.root, paths: { base: folders.base } }).then(() => null, (error: unknown) => error)
      assert.ok(isSemantosError(failure) && failure.plugin === broken.id, 'the other plugin must be the one that is blamed')
      assert.deepEqual(await leftovers.list(), [], ADVICE)
    },
  },
]

async function closed({ plugin, world }: Subject, asked: boolean): Promise<void> {
  await inRig(plugin(), world, {}, async ({ kit: { kernel }, asks, leftovers }) => {
    if (asked) await failuresOf(asks)
    await kernel.dispose()
    assert.deepEqual(await leftovers.list(), [], ADVICE)
  })
}
