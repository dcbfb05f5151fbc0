import { above, all, atMost, computed, fills, given, limit } from '../detect.js'
import { divided, times, word } from '../propose.js'
import type { Scene } from '../scene.js'
import { type Symptom, lower, raise, set } from '../symptom.js'

const KIB = 1024
const MB = 1_000_000

/** The read-ahead of the disk in question. At 4 KiB and below there is none to speak of. */
function windowBytes(scene: Scene): number {
  const kib = scene.current(`block.read_ahead_kb[${scene.device}]`)
  return typeof kib === 'number' ? Math.max(kib, 4) * KIB : Number.NaN
}

/** Half of the kernel's own window: a reader that asks for no more than this, and goes on, is better off with a larger one. */
const SMALL_READ_BYTES = 64 * KIB

/** Disks of today serve this many requests at once. */
const SHORT_QUEUE = 64

function queueLength(scene: Scene): number | undefined {
  return limit(`block.nr_requests[${scene.device}]`)(scene)
}

export const block: readonly Symptom[] = [
  {
    id: 'block.needless-read-ahead',
    set: 'evidence',
    says: 'Each page that a program needs brings much more from the disk than it asked for',
    each: 'disk.read_bytes_per_s',
    when: all(
      above('disk.read_bytes_per_s[*]', 5 * MB, 'bytes a second from this disk'),
      above('vmstat.pgmajfault_per_s', 20, 'page faults that wait for a disk'),
      computed(['disk.read_bytes_per_s[*]', 'vmstat.pgmajfault_per_s'], ([bytes = 0, faults = 0]) => (faults > 0 ? bytes / faults : 0), 64 * KIB, 'bytes read for each page of 4 KiB that was waited for'),
    ),
    remedies: [
      {
        id: 'smaller-window',
        changes: [lower('block.read_ahead_kb', divided(8))],
        why: 'A fault in a mapped file reads a whole window around the page; where access is random the rest is waste, and the next fault waits behind it.',
        expected: { metric: 'p95_ms', change_pct: -60 },
        uncertainty: 0.2,
        checkAfter: 'speed of sequential readers; files opened before keep their window',
      },
    ],
    advice: 'Tell the kernel how the file is read (madvise, posix_fadvise with RANDOM).',
  },
  {
    id: 'block.short-read-ahead',
    set: 'evidence',
    says: 'A disk is kept busy by reads as small as the read-ahead window',
    each: 'disk.read_bytes_per_s',
    when: all(
      above('disk.read_bytes_per_s[*]', 5 * MB, 'bytes a second from this disk'),
      above('disk.util_pct[*]', 50, 'percent of the time a request is in flight'),
      above('disk.read_bytes_per_io[*]', (scene) => 0.6 * windowBytes(scene), 'bytes a read, near the window'),
      atMost('disk.read_bytes_per_io[*]', (scene) => Math.max(1.2 * windowBytes(scene), SMALL_READ_BYTES), 'bytes a read, not above the window, or small all the same'),
      atMost('disk.read_bytes_per_io[*]', 256 * KIB, 'bytes a read, so few that each costs more than its data'),
      // A page fault for each window is a random reader, whom a larger one hurts.
      computed(['disk.reads_per_s[*]', 'vmstat.pgmajfault_per_s'], ([reads = 0, faults = 0]) => reads / Math.max(faults, 1), 4, 'reads for each page fault: sequential access'),
    ),
    remedies: [
      {
        id: 'larger-window',
        changes: [raise('block.read_ahead_kb', times(8))],
        why: 'Sequential readers then find their data read already, in fewer and larger requests.',
        expected: { metric: 'throughput_per_s', change_pct: 50 },
        uncertainty: 0.3,
        checkAfter: 'latency of random readers on the same disk; files opened before keep their window',
      },
    ],
    advice: 'Read in larger pieces.',
  },
  {
    id: 'block.short-queue',
    set: 'evidence',
    says: 'A disk has as many requests in flight as its queue takes, and few they are',
    each: 'disk.in_flight',
    when: all(
      fills('disk.in_flight[*]', queueLength, 0.9, 'requests in flight'),
      given((scene) => (queueLength(scene) ?? Number.POSITIVE_INFINITY) < SHORT_QUEUE),
    ),
    remedies: [
      {
        id: 'longer-queue',
        changes: [raise('block.nr_requests', times(8))],
        why: 'A full queue stops whoever asks for I/O; with more requests the disk can also serve several at once and merge neighbours.',
        expected: { metric: 'throughput_per_s', change_pct: 30 },
        uncertainty: 0.3,
        checkAfter: 'time of a read: a long queue is also a long wait',
      },
    ],
    advice: 'The device takes no more at once: ask it for less at a time, or spread the data over several.',
  },
  {
    id: 'block.reads-behind-writes',
    set: 'evidence',
    says: 'Reads of a disk wait long while much is written to it',
    each: 'disk.read_await_ms',
    when: all(
      above('disk.read_await_ms[*]', 20, 'milliseconds a read, which a disk of today answers in a few'),
      above('disk.write_bytes_per_s[*]', 20 * MB, 'bytes a second written'),
      above('pressure.io_some_pct', 10, 'percent of the time some task waits for I/O'),
    ),
    remedies: [
      {
        id: 'deadlines',
        changes: [set('block.scheduler', word('mq-deadline', ['none']))],
        why: 'It serves reads before writes, within deadlines; without a scheduler a read stands behind every write in the queue.',
        expected: { metric: 'p95_ms', change_pct: -20 },
        uncertainty: 0.45,
        checkAfter: 'throughput of fast disks, for which a scheduler can be a brake',
      },
      {
        id: 'shorter-queue',
        changes: [lower('block.nr_requests', divided(4))],
        why: 'A read stands behind fewer writes.',
        expected: { metric: 'p95_ms', change_pct: -15 },
        uncertainty: 0.5,
        checkAfter: 'throughput of the disk',
      },
    ],
    advice: 'Put bulk writers on another disk, or limit them with io.max or io.latency of a cgroup.',
  },
]
