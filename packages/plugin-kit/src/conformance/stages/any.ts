import type { Check } from '../check.js'
import { EMPTY_REPORT, EMPTY_TUNE } from '../world/reports.js'
import { NO_PLAN } from '../world/seen.js'
import { hostile } from './case.js'
import { HUGE_PLAN, hostileEvidence, hostilePlan, hostileReport, hostileSnapshot } from './hostile-world.js'
import { NO_FOLDER } from './no-folder.js'

export const any: readonly Check[] = hostile([
  { name: 'folders that cannot be made', ...NO_FOLDER },
  {
    name: 'a run in which nothing happened',
    change: ({ snapshot }) => ({
      root: {}, knobs: [], snapshot: { ...snapshot, host: null, metrics: [], missing: [] }, evidence: { edges: [], traces: [], documents: [] }, current: new Map(), earlier: NO_PLAN, plan: NO_PLAN, trials: [],
      report: EMPTY_REPORT, tune: EMPTY_TUNE,
    }),
  },
  { name: 'a thousand recommendations', change: () => ({ earlier: HUGE_PLAN, plan: HUGE_PLAN }) },
  {
    name: 'instructions and code in names and texts',
    change: ({ snapshot, evidence, earlier, plan, report }) => ({
      snapshot: hostileSnapshot(snapshot), evidence: hostileEvidence(evidence), earlier: hostilePlan(earlier), plan: hostilePlan(plan), report: hostileReport(report),
    }),
  },
])
