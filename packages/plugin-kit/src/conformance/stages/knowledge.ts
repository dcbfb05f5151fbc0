import type { Check } from '../check.js'
import { filesIn, makeFolders, putFiles } from '../folders.js'
import { failuresOf, inRig } from '../rig.js'
import { EMPTY_REPORT, EMPTY_TUNE } from '../world/reports.js'
import { answersPlainly, hostile } from './case.js'
import { GARBLES, garbled } from './garbled.js'
import { hostileReport, hostileSnapshot } from './hostile-world.js'
import { NO_FOLDER } from './no-folder.js'

/** What the plugin keeps is garbled between two runs. */
const spoiled: readonly Check[] = GARBLES.map(({ name, garble }) => ({
  name: `hostile input: files of its own that ${name}`,
  run: async ({ plugin, world }) => {
    using folders = makeFolders(world.root, world.files)
    await inRig(plugin(), world, { folders }, async ({ asks }) => void (await failuresOf(asks)))
    const kept = Object.entries(filesIn(folders.base)).filter(([, content]) => content !== null)
    putFiles(folders.base, garbled(Object.fromEntries(kept), garble))
    await answersPlainly(plugin, world, { folders })
  },
}))

export const knowledge: readonly Check[] = [
  ...hostile([
    { name: 'a folder that cannot be made', ...NO_FOLDER },
    { name: 'nothing was seen', change: ({ snapshot }) => ({ snapshot: { ...snapshot, host: null, metrics: [], missing: [] } }) },
    { name: 'a catalogue without knobs', change: () => ({ knobs: [] }) },
    { name: 'a run in which nothing happened', change: () => ({ report: EMPTY_REPORT, tune: EMPTY_TUNE }) },
    { name: 'instructions and code in names and texts', change: (world) => ({ snapshot: hostileSnapshot(world.snapshot), report: hostileReport(world.report) }) },
  ]),
  ...spoiled,
]
