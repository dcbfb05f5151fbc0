import type { KnobName } from '@semantos/core'
import { type Detector, above, atMost } from '../detect.js'
import { to } from '../propose.js'
import type { Scene } from '../scene.js'
import { type Symptom, set } from '../symptom.js'

const BUSY_TASKS = 8
const SPREAD_TASKS = 5
const MANY_INTERRUPTS_PER_S = 18_000
const slo = (scene: Scene) => scene.sloP95Ms

const busy = above('load', BUSY_TASKS, 'more tasks than the kit calls busy')
const calm = atMost('load', BUSY_TASKS, 'no more tasks than the kit calls busy')
const slow = above('p95_ms', slo, 'above the objective')
const quick = atMost('p95_ms', slo, 'within the objective')

interface Branch {
  readonly when: Detector
  readonly says: string
  readonly value: number
  readonly why: string
  readonly changePct: number
  readonly uncertainty: number
}

/** One knob of the kit's engine: whatever the telemetry says, one of two values is recommended. */
function either(knob: KnobName, checkAfter: string, branches: readonly [Branch, Branch]): Symptom[] {
  return branches.map(({ when, says, value, why, changePct, uncertainty }, index) => ({
    id: `kit.${knob}.${index === 0 ? 'above' : 'below'}`,
    set: 'kit',
    says,
    when,
    remedies: [
      { id: 'value', changes: [set(knob, to(value))], why, expected: { metric: 'p95_ms', change_pct: changePct }, uncertainty, checkAfter },
    ],
    advice: `Look at ${knob} by hand.`,
  }))
}

/** The eight rules of the reproduction kit's engine, in its order and with its values. */
export const kit: readonly Symptom[] = [
  ...either('kernel.sched_latency_ns', 'context switches a second, which must not explode', [
    {
      when: busy,
      says: 'Many tasks want to run',
      value: 18_000_000,
      why: 'A shorter round of the scheduler brings a waiting request to its turn sooner.',
      changePct: -4,
      uncertainty: 0.3,
    },
    {
      when: calm,
      says: 'Few tasks want to run',
      value: 24_000_000,
      why: 'With few tasks a longer round keeps nobody waiting and saves context switches.',
      changePct: -1,
      uncertainty: 0.35,
    },
  ]),
  ...either('kernel.sched_min_granularity_ns', 'context switches a second, which must not explode', [
    {
      when: busy,
      says: 'Many tasks want to run',
      value: 3_000_000,
      why: 'Where slices of all tasks do not fit into the round, each gets this much: a small slice shortens the queue in front of a request.',
      changePct: -4,
      uncertainty: 0.3,
    },
    {
      when: calm,
      says: 'Few tasks want to run',
      value: 4_000_000,
      why: 'With few tasks a larger slice keeps caches warm and costs the others little.',
      changePct: -1,
      uncertainty: 0.35,
    },
  ]),
  ...either('vm.dirty_background_ratio', 'dirty bytes and the pressure of I/O', [
    {
      when: slow,
      says: 'The service is slower than its objective',
      value: 8,
      why: 'Background writing that begins below the default of 10% leaves less to write at once, without writing every small burst.',
      changePct: -3,
      uncertainty: 0.3,
    },
    {
      when: quick,
      says: 'The service meets its objective',
      value: 5,
      why: 'While there is time to spare, writing early keeps little dirty, so that a sync waits for little.',
      changePct: -1,
      uncertainty: 0.35,
    },
  ]),
  ...either('vm.dirty_ratio', 'dirty bytes and the pressure of I/O', [
    {
      when: slow,
      says: 'The service is slower than its objective',
      value: 25,
      why: 'More room above the background limit lets a burst of writes pass before the writers themselves are held up.',
      changePct: -3,
      uncertainty: 0.35,
    },
    {
      when: quick,
      says: 'The service meets its objective',
      value: 15,
      why: 'While writers are not held up, a lower limit bounds what one sync may have to wait for.',
      changePct: -1,
      uncertainty: 0.35,
    },
  ]),
  ...either('net.core.somaxconn', 'overflows of accept queues, after the service has been started anew', [
    {
      when: busy,
      says: 'Many tasks want to run',
      value: 32_768,
      why: 'A busy service accepts in bursts; a long queue holds connections that would else be dropped and tried again a second later.',
      changePct: -5,
      uncertainty: 0.2,
    },
    {
      when: calm,
      says: 'Few tasks want to run',
      value: 16_384,
      why: 'Half of that holds the bursts of a service that gets to accept in time.',
      changePct: -2,
      uncertainty: 0.25,
    },
  ]),
  ...either('net.core.netdev_max_backlog', 'packets dropped in the backlog', [
    {
      when: above('irq_rate', MANY_INTERRUPTS_PER_S, 'more interrupts a second than the kit calls many'),
      says: 'Interrupts come fast',
      value: 4096,
      why: 'Packets arrive in bursts larger than the default backlog of 1000 holds.',
      changePct: -2,
      uncertainty: 0.25,
    },
    {
      when: atMost('irq_rate', MANY_INTERRUPTS_PER_S, 'no more interrupts a second than the kit calls many'),
      says: 'Interrupts come at a moderate rate',
      value: 2048,
      why: 'Twice the default backlog is room enough for the bursts at this rate.',
      changePct: -1,
      uncertainty: 0.3,
    },
  ]),
  ...either('kernel.numa_balancing', 'the share of memory accesses to another node', [
    {
      when: above('load', SPREAD_TASKS, 'enough tasks to be spread over nodes'),
      says: 'Enough tasks run to be spread over nodes',
      value: 1,
      why: 'Moving pages to the node that uses them saves the way to another node on every access.',
      changePct: -3,
      uncertainty: 0.35,
    },
    {
      when: atMost('load', SPREAD_TASKS, 'too few tasks to be spread over nodes'),
      says: 'So few tasks run that they stay on one node',
      value: 0,
      why: 'Looking for misplaced pages costs page faults, and there is little to be found.',
      changePct: -1,
      uncertainty: 0.4,
    },
  ]),
  ...either('vm.swappiness', 'pages swapped in, and file pages read again soon after they were dropped', [
    {
      when: slow,
      says: 'The service is slower than its objective',
      value: 10,
      why: 'A request that needs a swapped page waits for the disk; dropping file pages first keeps programs in memory.',
      changePct: -4,
      uncertainty: 0.25,
    },
    {
      when: quick,
      says: 'The service meets its objective',
      value: 30,
      why: 'With time to spare, some idle program memory may go to swap and leave room for the page cache.',
      changePct: -1,
      uncertainty: 0.35,
    },
  ]),
]
