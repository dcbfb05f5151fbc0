import { fills, limit, share } from '../detect.js'
import { times } from '../propose.js'
import type { Scene } from '../scene.js'
import { type Symptom, raise } from '../symptom.js'

/** Limits of the whole system that programs run into all at once. */
export const limits: readonly Symptom[] = [
  {
    id: 'files.near-limit',
    set: 'evidence',
    says: 'Almost as many files are open as the system allows',
    when: share('files.open', 'files.limit', 0.8, 'share of the limit; at it every open() and accept() fails'),
    remedies: [
      {
        id: 'more',
        changes: [raise('fs.file-max', times(4))],
        why: 'An open file costs about a kilobyte, and no open file costs a service its work.',
        expected: { metric: 'files.open', change_pct: 0 },
        uncertainty: 0.15,
        checkAfter: 'open files: a number that only grows is a leak',
      },
    ],
    advice: 'Look for a program that does not close its files.',
  },
  {
    id: 'tasks.near-limit',
    set: 'evidence',
    says: 'Almost as many tasks exist as the system allows',
    when: fills('sched.tasks', lowestTaskLimit, 0.8, 'tasks; at the limit no program starts a thread'),
    remedies: [
      {
        id: 'more',
        changes: [raise('kernel.threads-max', times(4)), raise('kernel.pid_max', times(4))],
        why: 'Each thread needs a number below pid_max, and counts against threads-max.',
        expected: { metric: 'sched.tasks', change_pct: 0 },
        uncertainty: 0.2,
        checkAfter: 'tasks: a number that only grows is a leak',
      },
    ],
    advice: 'Look for a program that starts threads and never ends them.',
  },
]

function lowestTaskLimit(scene: Scene): number | undefined {
  const known = [limit('kernel.pid_max')(scene), limit('kernel.threads-max')(scene)].filter((number) => number !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}
