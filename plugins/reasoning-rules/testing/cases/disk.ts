import { GIB, MIB } from '../situation.js'
import type { Case } from './index.js'

/** What counters of disks and of writing back point to. */
export const DISK: readonly Case[] = [
  {
    name: 'a request queue that is short and full',
    seen: { metrics: { 'disk.in_flight[vda]': 8 }, current: { 'block.nr_requests[vda]': 8 } },
    tries: { 'block.nr_requests[vda]': 64 },
  },
  {
    name: 'gigabytes of dirty pages in front of a sync',
    seen: { metrics: { 'pressure.io_some_pct': 60, 'memory.dirty_bytes': 2.3 * GIB, 'vmstat.nr_dirty_threshold': 1_150_000, 'vmstat.dirty_threshold_used_pct': 50 } },
    tries: { 'vm.dirty_bytes': 256 * MIB, 'vm.dirty_background_bytes': 64 * MIB },
  },
  {
    name: 'a limit in bytes that is still too large',
    seen: { metrics: { 'pressure.io_full_pct': 30, 'memory.dirty_bytes': 1.5 * GIB }, current: { 'vm.dirty_bytes': 4 * GIB, 'vm.dirty_background_bytes': 2 * GIB, 'vm.dirty_ratio': 0, 'vm.dirty_background_ratio': 0 } },
    tries: { 'vm.dirty_bytes': 512 * MIB, 'vm.dirty_background_bytes': 256 * MIB },
  },
  {
    name: 'many dirty pages where limits can be given in percent only',
    seen: { metrics: { 'pressure.io_some_pct': 60, 'memory.dirty_bytes': 2 * GIB }, absent: { 'vm.dirty_bytes': null, 'vm.dirty_background_bytes': null } },
    tries: { 'vm.dirty_ratio': 10, 'vm.dirty_background_ratio': 3 },
  },
  {
    name: 'a dirty limit so small that writers wait for nothing',
    seen: { metrics: { 'vmstat.dirty_threshold_used_pct': 95, 'vmstat.nr_dirty_threshold': 2048, 'pressure.io_some_pct': 40, 'memory.dirty_bytes': 8 * MIB }, current: { 'vm.dirty_ratio': 1, 'vm.dirty_background_ratio': 1 } },
    tries: { 'vm.dirty_ratio': 20, 'vm.dirty_background_ratio': 10 },
  },
  {
    name: 'read-ahead that random reads of a mapped file do not want',
    seen: { metrics: { 'disk.read_bytes_per_s[vda]': 320e6, 'disk.read_bytes_per_s[vdb]': 0, 'vmstat.pgmajfault_per_s': 210 }, current: { 'block.read_ahead_kb[vda]': 8192, 'block.read_ahead_kb[vdb]': 8192 } },
    tries: { 'block.read_ahead_kb[vda]': 1024 },
  },
  {
    name: 'a read-ahead window too short for sequential reads',
    seen: { metrics: { 'disk.read_bytes_per_s[vda]': 60e6, 'disk.reads_per_s[vda]': 3700, 'disk.util_pct[vda]': 90, 'disk.read_bytes_per_io[vda]': 16_384, 'vmstat.pgmajfault_per_s': 2 }, current: { 'block.read_ahead_kb[vda]': 16 } },
    tries: { 'block.read_ahead_kb[vda]': 128 },
  },
  {
    name: 'a read-ahead window shorter than what sequential readers ask for at a time',
    seen: { metrics: { 'disk.read_bytes_per_s[vda]': 295e6, 'disk.reads_per_s[vda]': 18_000, 'disk.util_pct[vda]': 68, 'disk.read_bytes_per_io[vda]': 16_381, 'vmstat.pgmajfault_per_s': 0.6 }, current: { 'block.read_ahead_kb[vda]': 4 } },
    tries: { 'block.read_ahead_kb[vda]': 32 },
  },
  {
    name: 'reads that wait behind writes',
    seen: { metrics: { 'disk.read_await_ms[vda]': 80, 'disk.write_bytes_per_s[vda]': 400e6, 'pressure.io_some_pct': 50, 'memory.dirty_bytes': 0 }, current: { 'block.scheduler[vda]': 'none', 'block.nr_requests[vda]': 256 } },
    tries: { 'block.scheduler[vda]': 'mq-deadline', 'block.nr_requests[vda]': 64 },
  },
  {
    name: 'many dirty pages on a disk that throttles background writes late',
    seen: {
      metrics: { 'pressure.io_some_pct': 60, 'memory.dirty_bytes': GIB },
      current: { 'block.wbt_lat_usec[vda]': 75_000, 'vm.dirty_bytes': 64 * MIB, 'vm.dirty_background_bytes': 16 * MIB, 'vm.dirty_ratio': 0, 'vm.dirty_background_ratio': 0 },
    },
    tries: { 'vm.dirty_bytes': 32 * MIB, 'vm.dirty_background_bytes': 8 * MIB, 'block.wbt_lat_usec[vda]': 18_750 },
  },
  {
    name: 'a dirty limit in bytes that is far too small',
    seen: { metrics: { 'vmstat.dirty_threshold_used_pct': 95, 'vmstat.nr_dirty_threshold': 2048 }, current: { 'vm.dirty_bytes': 8 * MIB, 'vm.dirty_background_bytes': 2 * MIB, 'vm.dirty_ratio': 0, 'vm.dirty_background_ratio': 0 } },
    tries: { 'vm.dirty_bytes': 64 * MIB, 'vm.dirty_background_bytes': 16 * MIB },
  },
]
