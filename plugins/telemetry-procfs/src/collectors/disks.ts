import { remember } from '../remember.js'
import { linesOf } from '../scan.js'
import { type Collector, Columns, type MetricSpec, type Source, type Table, gauge, rate, ratio } from '../table.js'

/** A sector here is 512 bytes, whatever the disk's own are: https://docs.kernel.org/admin-guide/iostats.html */
const SECTOR_BYTES = 512
const MS_PER_S_TO_PCT = 0.1
const COLUMNS = new Columns([
  'reads', 'reads_merged', 'read_sectors', 'read_ms', 'writes', 'writes_merged', 'write_sectors', 'write_ms', 'in_flight', 'io_ms', 'queue_ms',
  'discards', 'discards_merged', 'discard_sectors', 'discard_ms', 'flushes', 'flush_ms',
])
const BYTES = { unit: 'bytes_per_s', scale: SECTOR_BYTES }

const metrics: readonly MetricSpec[] = [
  rate('disk.reads_per_s', 'reads', 'Reads completed'),
  rate('disk.writes_per_s', 'writes', 'Writes completed'),
  rate('disk.read_bytes_per_s', 'read_sectors', 'Bytes read from the disk', BYTES),
  rate('disk.write_bytes_per_s', 'write_sectors', 'Bytes written to the disk', BYTES),
  rate('disk.reads_merged_per_s', 'reads_merged', 'Reads joined with a neighbour before they were sent'),
  rate('disk.writes_merged_per_s', 'writes_merged', 'Writes joined with a neighbour before they were sent'),
  ratio('disk.read_bytes_per_io', ['read_sectors', 'reads'], 'bytes', 'Mean size of a read', SECTOR_BYTES),
  ratio('disk.write_bytes_per_io', ['write_sectors', 'writes'], 'bytes', 'Mean size of a write', SECTOR_BYTES),
  ratio('disk.read_await_ms', ['read_ms', 'reads'], 'ms', 'Mean time of a read, queue included'),
  ratio('disk.write_await_ms', ['write_ms', 'writes'], 'ms', 'Mean time of a write, queue included'),
  rate('disk.queue_ms_per_s', 'queue_ms', 'Time in flight, added over requests; a thousandth of it is the mean queue length', { unit: 'ms_per_s' }),
  rate('disk.util_pct', 'io_ms', 'Share of the window in which a request was in flight; 100 is not the limit of a disk that serves several at once', {
    unit: 'percent',
    scale: MS_PER_S_TO_PCT,
    rows: 'each',
  }),
  gauge('disk.in_flight', 'in_flight', 'count', 'Requests in flight right now'),
  rate('disk.flushes_per_s', 'flushes', 'Cache flushes completed'),
  ratio('disk.flush_await_ms', ['flush_ms', 'flushes'], 'ms', 'Mean time of a cache flush'),
  rate('disk.discards_per_s', 'discards', 'Discards completed'),
  rate('disk.discard_bytes_per_s', 'discard_sectors', 'Bytes discarded', BYTES),
]

/** Memory and files that pose as disks: their I/O is either none or counted again at a real disk. */
const POSING = /^(?:loop|z?ram)\d/

/** A path to an NVMe namespace, whose head (nvme0n1) counts the I/O of all its paths (nvme0c0n1, nvme0c1n1): Linux 5.15 and later list both. */
const NVME_PATH = /^nvme\d+c\d+n\d+$/

/** Built over other disks, and not always with a folder `slaves` that says so. */
const STACKED = /^(?:dm-|md|bcache|drbd|zd)\d/

export function isDisk(name: string): boolean {
  return isShown(name) && !NVME_PATH.test(name)
}

function isShown(name: string): boolean {
  return !POSING.test(name)
}

/** The kernel names a partition after its disk: sda1, and with a p behind a digit: nvme0n1p1. */
function isPartition(name: string, disk: string): boolean {
  return disk !== '' && name.startsWith(disk) && (/\d$/.test(disk) ? /^p\d+$/ : /^\d+$/).test(name.slice(disk.length))
}

function open({ host, sysfs }: Source): (text: string) => Table {
  // A RAID, LVM or encrypted volume lists the disks under it, which count the same I/O. Sysfs writes ! for a slash.
  const isStacked = remember((name) => STACKED.test(name) || NVME_PATH.test(name) || host.list(`${sysfs}/block/${name.replaceAll('/', '!')}/slaves`).length > 0)
  return (text) => {
    const rows = new Map<string, Float64Array>()
    const uncounted = new Set<string>()
    let disk = ''
    for (const scan of linesOf(text)) {
      scan.word()
      scan.word()
      const name = scan.word()
      if (name === '' || !isShown(name) || isPartition(name, disk)) continue
      disk = name
      if (isStacked(name)) uncounted.add(name)
      rows.set(name, Float64Array.from(COLUMNS.names, () => scan.number()))
    }
    return { columns: COLUMNS, rows, uncounted }
  }
}

/** Whole disks, each and in sum. Volumes built over other disks, and paths of one NVMe namespace, are shown but left out of the sum. */
export const disks: Collector = { file: 'diskstats', rows: 'device', metrics, open }
