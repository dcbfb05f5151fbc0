import type { KnobValue } from '@semantos/core'
import { above, all, any, atMost } from '../detect.js'
import { type Propose, atLeast, divided, lesser, noMoreThan, partOf, times } from '../propose.js'
import type { Scene } from '../scene.js'
import { type Symptom, lower, raise, set } from '../symptom.js'

const MIB = 1024 * 1024
const PAGE_BYTES = 4096
/** A disk of 500 MB/s writes this in half a second; a sync behind it waits about as long. */
const FIRST_LIMIT_BYTES = 256 * MIB
/** Less than this is written in a blink, and is no reason to hold writers up. */
const LITTLE_PAGES = (64 * MIB) / PAGE_BYTES
/** The kernel's own ratio is a half; a quarter leaves writers more room before they are held up. */
const BACKGROUND_PART = 1 / 4

/** What a first limit would cut off; where there is a limit in bytes already, what a lower one would. */
function muchDirtyBytes(scene: Scene): number {
  const bytes = scene.current('vm.dirty_bytes')
  return typeof bytes === 'number' && bytes > 0 ? FIRST_LIMIT_BYTES / 4 : FIRST_LIMIT_BYTES
}

/** Dirty bytes at which writers are held up now, in whichever unit the limit is set. */
function limitBytesNow(scene: Scene): number | undefined {
  const bytes = scene.current('vm.dirty_bytes')
  if (typeof bytes === 'number' && bytes > 0) return bytes
  const pages = scene.metric('vmstat.nr_dirty_threshold')
  if (pages !== undefined) return pages * PAGE_BYTES
  const ratio = scene.current('vm.dirty_ratio')
  const available = scene.metric('memory.available_bytes') ?? scene.host?.memory_bytes
  return typeof ratio === 'number' && available !== undefined ? (ratio / 100) * available : undefined
}

/** In percent of gigabytes the limit is out of sight of a sync: put it in bytes, then go down by eighths. */
const fewerDirtyBytes: Propose = (current, knob, scene) => {
  if (current !== 0) return divided(8)(current, knob, scene)
  const now = limitBytesNow(scene)
  return now !== undefined && now > FIRST_LIMIT_BYTES ? FIRST_LIMIT_BYTES : null
}

/** A quarter of the new limit at first; later it goes down beside the limit, and stays below it. */
const fewerBackgroundBytes: Propose = (current, knob, scene) => {
  if (current === 0) return partOf('vm.dirty_bytes', BACKGROUND_PART, fewerDirtyBytes)(current, knob, scene)
  return lesser(partOf('vm.dirty_bytes', 1 / 2, fewerDirtyBytes), divided(8))(current, knob, scene)
}

/** Only where the limits cannot be given in bytes. */
function withoutBytes(propose: Propose): Propose {
  return (current, knob, scene): KnobValue | null => (scene.current('vm.dirty_bytes') === undefined ? propose(current, knob, scene) : null)
}

/** Only where the ratio is the one that counts. */
function asRatio(propose: Propose): Propose {
  return (current, knob, scene): KnobValue | null => (current === 0 ? null : propose(current, knob, scene))
}

export const writeback: readonly Symptom[] = [
  {
    id: 'writeback.stalls',
    set: 'evidence',
    says: 'Tasks wait for I/O while much changed data waits to be written',
    when: all(
      any(above('pressure.io_some_pct', 5, 'percent of the time some task waits for I/O'), above('pressure.io_full_pct', 2, 'percent of the time all tasks wait for I/O')),
      above('memory.dirty_bytes', muchDirtyBytes, 'more than a disk writes in a moment'),
    ),
    remedies: [
      {
        id: 'limits-in-bytes',
        changes: [lower('vm.dirty_bytes', fewerDirtyBytes), set('vm.dirty_background_bytes', fewerBackgroundBytes)],
        why: 'A sync may have to wait for everything that is dirty on the disk. Limits in percent of memory let gigabytes gather; in bytes they can be what the disk writes in a moment.',
        expected: { metric: 'p95_ms', change_pct: -70 },
        uncertainty: 0.2,
        checkAfter: 'throughput of bulk writers, which pay for it, and the pressure of I/O',
      },
      {
        id: 'limits-in-percent',
        changes: [lower('vm.dirty_ratio', withoutBytes(noMoreThan(10))), lower('vm.dirty_background_ratio', withoutBytes(noMoreThan(3)))],
        why: 'A sync may have to wait for everything that is dirty on the disk; smaller limits let less gather.',
        expected: { metric: 'p95_ms', change_pct: -40 },
        uncertainty: 0.25,
        checkAfter: 'throughput of bulk writers, and the pressure of I/O',
      },
      {
        id: 'throttle-background',
        changes: [lower('block.wbt_lat_usec', divided(4))],
        why: 'Background writing is slowed down as soon as reads take longer than this.',
        expected: { metric: 'p95_ms', change_pct: -15 },
        uncertainty: 0.5,
        checkAfter: 'throughput of bulk writers',
      },
    ],
    advice: 'Bulk writers should write around the page cache or sync as they go; limit them with io.max or io.latency of a cgroup.',
  },
  {
    id: 'writeback.limit-too-low',
    set: 'evidence',
    says: 'Writers are held up although very little data is dirty',
    when: all(
      above('vmstat.dirty_threshold_used_pct', 70, 'percent of the limit in use'),
      atMost('vmstat.nr_dirty_threshold', LITTLE_PAGES, 'pages are allowed, so little that the disk idles between bursts'),
    ),
    remedies: [
      {
        id: 'more-bytes',
        changes: [raise('vm.dirty_bytes', times(8)), set('vm.dirty_background_bytes', partOf('vm.dirty_bytes', BACKGROUND_PART, times(8)))],
        why: 'With so low a limit writers wait for the disk at almost every write instead of being merged into long ones.',
        expected: { metric: 'throughput_per_s', change_pct: 50 },
        uncertainty: 0.25,
        checkAfter: 'latency of syncs, which wait for more',
      },
      {
        id: 'more-percent',
        changes: [raise('vm.dirty_ratio', asRatio(atLeast(20))), raise('vm.dirty_background_ratio', asRatio(atLeast(10)))],
        why: 'With so low a limit writers wait for the disk at almost every write instead of being merged into long ones.',
        expected: { metric: 'throughput_per_s', change_pct: 50 },
        uncertainty: 0.25,
        checkAfter: 'latency of syncs, which wait for more',
      },
    ],
    advice: 'The memory of this host is too small for its writers.',
  },
]
