import type { Check } from '../check.js'
import { filesIn, makeFolders, putFiles } from '../folders.js'
import { failuresOf, inRig } from '../rig.js'
import { EMPTY_REPORT, EMPTY_TUNE } from '../world/reports.js'
import { answersPlainly, hostile } from './case.js'
import { HUGE_PLAN, hostileEvidence, hostilePlan, hostileReport, hostileSnapshot, hugeSnapshot } from './hostile-world.js'
import { NO_FOLDER } from './no-folder.js'

/** Where its files should be, folders are. */
const occupied: Check = {
  name: 'hostile input: folders of the names of its files',
  run: async ({ plugin, world }) => {
    using folders = makeFolders(world.root, world.files)
    await inRig(plugin(), world, { folders }, async ({ asks }) => void (await failuresOf(asks)))
    putFiles(folders.base, Object.fromEntries(Object.keys(filesIn(folders.base)).map((path) => [path, null])))
    await answersPlainly(plugin, world, { folders })
  },
}

const CODE = '</script><script>1</script>'

export const report: readonly Check[] = [
  ...hostile([
    { name: 'a folder that cannot be made', ...NO_FOLDER },
    { name: 'a run in which nothing happened', change: () => ({ trials: [], report: EMPTY_REPORT, tune: EMPTY_TUNE }) },
    {
      name: 'thousands of metrics and recommendations',
      change: ({ report, tune, snapshot }) => ({ report: { ...report, snapshot: hugeSnapshot(snapshot), plan: HUGE_PLAN }, tune: { ...tune, snapshot: hugeSnapshot(snapshot), plan: HUGE_PLAN } }),
    },
    {
      name: 'instructions and code in names and texts',
      change: ({ report, tune, evidence }) => ({
        report: { ...hostileReport(report), evidence: hostileEvidence(evidence) },
        tune: { ...tune, snapshot: hostileSnapshot(tune.snapshot), plan: hostilePlan(tune.plan), workload: { ...tune.workload, name: CODE, plugin: CODE, options: { [CODE]: CODE }, origin: CODE }, config: CODE },
      }),
    },
  ]),
  occupied,
]
