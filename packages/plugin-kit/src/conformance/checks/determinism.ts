import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check, Subject } from '../check.js'
import { type Files, type Folders, differences, filesIn, makeFolders, putFiles } from '../folders.js'
import { failuresOf, inRig } from '../rig.js'

export const determinism: readonly Check[] = [
  {
    name: 'determinism: the same seed and the same situation give the same bytes',
    skip: ({ deterministic }) => (deterministic ? null : 'it is not promised; say `deterministic: true` where it is'),
    run: async (subject) => {
      using folders = makeFolders({}, {})
      const first = await once(subject, folders)
      // So that a clock other than the run's is seen.
      await sleep(20)
      const second = await once(subject, folders)
      assert.deepEqual(second.answers, first.answers, 'two runs answer differently; use random(), now() and sorted lists')
      assert.deepEqual(differences(first.files, second.files), [], 'two runs write different files')
    },
  },
]

/** One run, in the same folders as new. */
async function once({ plugin, world }: Subject, folders: Folders): Promise<{ readonly answers: unknown; readonly files: Files }> {
  putFiles(folders.root, world.root)
  putFiles(folders.base, world.files)
  const answers = await inRig(plugin(), world, { folders }, async (rig) => {
    const failures = await failuresOf(rig.asks)
    return { ...rig.answers, failures, logged: [...rig.kit.logged] }
  })
  return { answers, files: filesIn(folders.base) }
}
