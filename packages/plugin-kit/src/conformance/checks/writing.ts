import assert from 'node:assert/strict'
import type { Check } from '../check.js'
import { differences, filesIn, makeFolders } from '../folders.js'
import { failuresOf, inRig } from '../rig.js'

export const writing: readonly Check[] = [
  {
    name: 'writing: nothing outside the host door and the folders that it is given',
    run: async ({ plugin, world }) => {
      using folders = makeFolders(world.root, world.files)
      const before = filesIn(folders.root)
      await inRig(plugin(), world, { folders }, async ({ kit: { kernel }, asks, writes }) => {
        await failuresOf(asks)
        await kernel.dispose()
        assert.deepEqual(writes.outside(folders), [], 'use paths of setup, or a temporary folder')
      })
      assert.deepEqual(differences(before, filesIn(folders.root)), [], 'only appliers write to the host, through its door')
    },
  },
  {
    name: 'planning: nothing at all is written',
    run: async ({ plugin, world }) => {
      using folders = makeFolders(world.root, world.files)
      const before = { root: filesIn(folders.root), base: filesIn(folders.base) }
      const written = await inRig(plugin(), world, { folders, planning: true }, async ({ kit: { kernel }, asks, writes }) => {
        await failuresOf(asks)
        await kernel.dispose()
        return writes.paths
      })
      const changed = [...differences(before.root, filesIn(folders.root)), ...differences(before.base, filesIn(folders.base))]
      assert.deepEqual([...written, ...changed], [], 'start was told `planning: true`')
    },
  },
]
