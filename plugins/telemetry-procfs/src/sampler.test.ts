import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HostFacts, MetricName } from '@semantos/core'
import { openHost } from '@semantos/host'
import { describe, expect, it } from 'vitest'
import { openFacts } from './facts.js'
import { openSampler } from './sampler.js'
import { type Fixture, edited, fixture, ratesBetween, reasonOf, sampleAt, valueOf } from './testing.js'

/** The two recordings of the virtual machine lie 1.31 s apart. */
const RECORDED_S = 1.31
const recorded = () => ratesBetween(fixture('vm-6.18'), fixture('vm-6.18-later'), RECORDED_S * 1000)
const still = (name: Fixture) => ratesBetween(fixture(name), fixture(name))

/** The file of a fixture with one text for another; an unknown text is a mistake in the test. */
function replaced(name: Fixture, path: string, ...pairs: readonly (readonly [from: string, to: string])[]): Record<string, string> {
  let text = readFileSync(join(fixture(name), path), 'latin1')
  for (const [from, to] of pairs) {
    expect(text).toContain(from)
    text = text.replace(from, to)
  }
  return { [path]: text }
}

describe('a recorded virtual machine under load', () => {
  it.each([
    ['tcpext.listen_overflows_per_s', 48 / RECORDED_S],
    ['tcpext.listen_drops_per_s', 48 / RECORDED_S],
    ['tcpext.prune_called_per_s', 0],
    ['tcpext.tcp_pure_acks_per_s', 2 / RECORDED_S],
    ['ipext.in_octets_per_s', (834263305 - 829976081) / RECORDED_S],
    ['udp.rcvbuf_errors_per_s', 2908 / RECORDED_S],
    ['udp.out_datagrams_per_s', 3000 / RECORDED_S],
    ['irq_rate', (976963 - 975207) / RECORDED_S],
    ['sched.context_switches_per_s', (2124388 - 2120892) / RECORDED_S],
    ['cpu.user_pct', (100 * 181) / 264],
    ['cpu.system_pct', (100 * 80) / 264],
    ['cpu.idle_pct', 0],
    ['pressure.cpu_some_pct', ((167908760 - 167113361) / RECORDED_S) * 1e-4],
    ['pressure.cpu_some_avg10_pct', 78.53],
    ['pressure.io_some_pct', ((11675957 - 11647527) / RECORDED_S) * 1e-4],
    ['pressure.io_full_pct', ((9900843 - 9900365) / RECORDED_S) * 1e-4],
    ['disk.write_bytes_per_s', ((4070536 - 4048920) * 512) / RECORDED_S],
    ['disk.write_bytes_per_s[vda]', ((4070536 - 4048920) * 512) / RECORDED_S],
    ['disk.writes_per_s[vda]', (26622 - 26026) / RECORDED_S],
    ['disk.read_bytes_per_io[vda]', (32 * 512) / 2],
    ['disk.write_await_ms', (28643 - 28586) / (26622 - 26026)],
    ['disk.util_pct[vda]', ((23760 - 23716) / (RECORDED_S * 1000)) * 100],
    ['disk.flushes_per_s[vda]', 150 / RECORDED_S],
    ['disk.queue_ms_per_s', 66 / RECORDED_S],
    ['vmstat.pgfault_per_s', (11294898 - 11263619) / RECORDED_S],
    ['vmstat.nr_dirtied_per_s', (756213 - 753773) / RECORDED_S],
    ['memory.total_bytes', 24684096 * 1024],
    ['memory.dirty_bytes', 1412 * 1024],
    ['load', 3.83],
    ['sched.tasks', 136],
    ['softnet.processed_per_s', (0x62f4 - 0x5706) / RECORDED_S],
    ['softnet.dropped_per_s', 0],
    ['sockets.tcp_time_wait', 1],
    ['sockets.used', 71],
    ['net.rx_bytes_per_s[lo]', (4290417 - 3193) / RECORDED_S],
    ['net.rx_bytes_per_s', 0],
    ['conntrack.count', 0],
    ['conntrack.max', 262144],
    ['conntrack.used_pct', 0],
    ['neighbour.entries', 2],
    ['neighbour.table_full_per_s', 0],
    ['host.uptime_s', 3248.7],
  ])('%s', async (name, value) => {
    expect(valueOf(await recorded(), name)).toBeCloseTo(value, 6)
  })

  it('takes up every counter of TCP, UDP, IP and ICMP, constants left out', async () => {
    const { metrics } = await recorded()
    const named = (prefix: string) => metrics.filter((metric) => metric.name.startsWith(prefix)).length
    expect([named('tcpext.'), named('ipext.'), named('ip.'), named('icmp.'), named('tcp.'), named('udp.')]).toEqual([135, 18, 18, 29, 11, 9])
  })

  it('says why it lacks what this kernel was built without', async () => {
    const rates = await recorded()
    expect(reasonOf(rates, 'sched.run_queue_wait_ms_per_s')).toMatch(/schedstat: .*ENOENT.*CONFIG_SCHEDSTATS/)
    expect(reasonOf(rates, 'disk.discards_per_s')).toBeUndefined()
  })
})

describe('an old kernel on bare metal', () => {
  it('has no pressure files and says what they need', async () => {
    const rates = await still('old-4.18')
    expect(reasonOf(rates, 'pressure.io_full_pct')).toMatch(/ENOENT.*Linux 4\.20/)
    expect(reasonOf(rates, 'pressure.irq_full_pct')).toContain('Linux 6.1')
  })

  it('adds up zones and knows the older names', async () => {
    const after = edited('old-4.18', replaced('old-4.18', 'proc/vmstat',
      ['allocstall_normal 345', 'allocstall_normal 347'],
      ['allocstall_movable 678', 'allocstall_movable 681'],
      ['workingset_refault 445566', 'workingset_refault 445666'],
    ))
    const rates = await ratesBetween(fixture('old-4.18'), after)
    expect(valueOf(rates, 'vmstat.allocstall_per_s')).toBe(5)
    expect(valueOf(rates, 'vmstat.workingset_refault_file_per_s')).toBe(100)
    expect(reasonOf(rates, 'vmstat.workingset_refault_anon_per_s')).toBe('/proc/vmstat shows no number for workingset_refault_anon on this kernel')
  })

  it('has fewer columns: flushes and the backlog are missing, the rest is there', async () => {
    const rates = await still('old-4.18')
    expect(reasonOf(rates, 'disk.flushes_per_s[sda]')).toContain('flushes')
    expect(reasonOf(rates, 'softnet.backlog_packets')).toContain('backlog')
    expect(valueOf(rates, 'disk.reads_per_s[sda]')).toBe(0)
    expect(valueOf(rates, 'tcp.curr_estab')).toBe(88)
    expect(valueOf(rates, 'vmstat.dirty_threshold_used_pct')).toBeCloseTo((100 * (103084 + 5120)) / 560000, 9)
  })

  it('adds run-queue wait over CPUs', async () => {
    const after = edited('old-4.18', replaced('old-4.18', 'proc/schedstat',
      ['45000000000 1200000000 900000', '45000000000 1250000000 900100'],
      ['42000000000 1500000000 930000', '42000000000 1530000000 930100'],
    ))
    const rates = await ratesBetween(fixture('old-4.18'), after, 500)
    expect(valueOf(rates, 'sched.run_queue_wait_ms_per_s')).toBeCloseTo(160, 6)
    expect(valueOf(rates, 'sched.wait_per_timeslice_us')).toBeCloseTo(400, 6)
  })

  it('adds conntrack and neighbour counters over CPUs', async () => {
    const after = edited('old-4.18', {
      ...replaced('old-4.18', 'proc/net/stat/nf_conntrack',
        ['00000002 00000001 00000000', '00000012 00000001 00000000'],
        ['00000005 00000000', '00000006 00000000'],
      ),
      ...replaced('old-4.18', 'proc/net/stat/arp_cache', ['00000004 00000003', '00000004 00000103']),
    })
    const rates = await ratesBetween(fixture('old-4.18'), after, 1000)
    expect(valueOf(rates, 'conntrack.drop_per_s')).toBe(17)
    expect(valueOf(rates, 'neighbour.table_full_per_s')).toBe(256)
    expect(valueOf(rates, 'neighbour.entries')).toBe(42)
  })
})

describe('a host with two NUMA nodes, swap, RAID and bonding', () => {
  it('sums each disk once: not its partitions, and not the volumes built over it', async () => {
    const after = edited('numa-2', replaced('numa-2', 'proc/diskstats',
      ['nvme0n1 1000 0 8000', 'nvme0n1 1100 0 8800'],
      ['md127 2000 0 16000', 'md127 2100 0 16800'],
      ['dm-0 2000 0 16000', 'dm-0 2100 0 16800'],
      ['nvme0n1p1 900 0 7200', 'nvme0n1p1 1000 0 8000'],
    ))
    const rates = await ratesBetween(fixture('numa-2'), after)
    const names = rates.metrics.map((metric) => metric.name).filter((name) => name.startsWith('disk.reads_per_s'))
    expect(names).toEqual([...['nvme0n1', 'nvme1n1', 'sda', 'md127', 'dm-0'].map((disk) => `disk.reads_per_s[${disk}]`), 'disk.reads_per_s'])
    expect(valueOf(rates, 'disk.reads_per_s')).toBe(100)
    expect(valueOf(rates, 'disk.read_bytes_per_s')).toBe(800 * 512)
    expect(valueOf(rates, 'disk.reads_per_s[dm-0]')).toBe(100)
  })

  it('sums each network card once', async () => {
    const after = edited('numa-2', replaced('numa-2', 'proc/net/dev',
      ['eth0:1000 10 0 1', 'eth0:1500 15 0 4'],
      ['bond0:2000 20 0 3', 'bond0:2500 25 0 9'],
      ['br0:2000 20', 'br0:2500 25'],
      ['lo:5000 5', 'lo:9000 9'],
    ))
    const rates = await ratesBetween(fixture('numa-2'), after)
    expect(valueOf(rates, 'net.rx_bytes_per_s')).toBe(500)
    expect(valueOf(rates, 'net.rx_dropped_per_s')).toBe(3)
    expect(valueOf(rates, 'net.rx_dropped_per_s[bond0]')).toBe(6)
    expect(valueOf(rates, 'net.rx_bytes_per_s[veth12ab]')).toBeUndefined()
  })

  it.each(['dm-0', 'md127', 'drbd0', 'zd16'])('knows %s as built over other disks where nothing says so', async (volume) => {
    const [before, after] = [100, 200].map((reads) => edited('container', { 'proc/diskstats': `8 0 sda ${reads} 0 8 1 0 0 0 0 0 1 1\n253 0 ${volume} ${reads} 0 8 1 0 0 0 0 0 1 1\n` }))
    expect(valueOf(await ratesBetween(before ?? '', after ?? ''), 'disk.reads_per_s')).toBe(100)
  })

  it('sums an NVMe namespace once, however many paths lead to it', async () => {
    const disks = ['nvme0n1', 'nvme0c0n1', 'nvme0c1n1', 'nvme1n1']
    const [before, after] = [100, 200].map((reads) => edited('container', { 'proc/diskstats': disks.map((name) => `259 0 ${name} ${reads} 0 8 1 0 0 0 0 0 1 1\n`).join('') }))
    const rates = await ratesBetween(before ?? '', after ?? '')
    expect(valueOf(rates, 'disk.reads_per_s')).toBe(200)
    expect(valueOf(rates, 'disk.reads_per_s[nvme0c1n1]')).toBe(100)
  })

  it.each([
    { what: 'a host with hardware', hardware: ['eth0'], sum: 100 },
    { what: 'a container, or a recording without sysfs', hardware: [], sum: 200 },
  ])('counts what containers send and receive once: $what', async ({ hardware, sum }) => {
    const names = ['lo', 'eth0', 'unheard0', 'cali0a1b2c3d4e5', 'lxc_health', 'vethabc', 'docker0', 'flannel.1', 'cilium_vxlan', 'wg0']
    const cards = Object.fromEntries(hardware.map((name) => [`sys/class/net/${name}/device/vendor`, '0x1af4\n']))
    const [before, after] = [100, 200].map((bytes) => edited('container', { ...cards, 'proc/net/dev': names.map((name) => `${name}: ${bytes} 1 0 0 0 0 0 0 ${bytes} 1 0 0 0 0 0 0\n`).join('') }))
    const rates = await ratesBetween(before ?? '', after ?? '')
    expect(valueOf(rates, 'net.rx_bytes_per_s')).toBe(sum)
    expect(valueOf(rates, 'net.rx_bytes_per_s[docker0]')).toBe(100)
    for (const end of ['cali0a1b2c3d4e5', 'lxc_health', 'vethabc']) expect(valueOf(rates, `net.rx_bytes_per_s[${end}]`)).toBeUndefined()
  })

  it('sees swapping and refaults', async () => {
    const after = edited('numa-2', replaced('numa-2', 'proc/vmstat',
      ['pswpin 40000', 'pswpin 42000'],
      ['workingset_refault_anon 70000', 'workingset_refault_anon 71500'],
      ['numa_pages_migrated 80000', 'numa_pages_migrated 80100'],
    ))
    const rates = await ratesBetween(fixture('numa-2'), after, 500)
    expect(valueOf(rates, 'vmstat.pswpin_per_s')).toBe(4000)
    expect(valueOf(rates, 'vmstat.workingset_refault_anon_per_s')).toBe(3000)
    expect(valueOf(rates, 'vmstat.numa_pages_migrated_per_s')).toBe(200)
    expect(reasonOf(rates, 'vmstat.dirty_threshold_used_pct')).toBe('nr_dirty_threshold is 0')
  })

  it('leaves a CPU that came online out of the sums', async () => {
    const before = edited('numa-2', replaced('numa-2', 'proc/schedstat', ['cpu5 0 0 0 0 0 0 4000000000 800000000 4000\n', '']))
    expect(valueOf(await ratesBetween(before, fixture('numa-2')), 'sched.run_queue_wait_ms_per_s')).toBe(0)
  })
})

describe('windows that say nothing', () => {
  it('takes a counter that fell for no rate, alone or in a sum', async () => {
    const after = edited('numa-2', replaced('numa-2', 'proc/diskstats', ['sda 10 0 80', 'sda 9 0 80']))
    const rates = await ratesBetween(fixture('numa-2'), after)
    expect(reasonOf(rates, 'disk.reads_per_s[sda]')).toBe('reads fell from 10 to 9 during the window: the counter was reset or wrapped around')
    expect(reasonOf(rates, 'disk.reads_per_s')).toMatch(/^sda: reads fell/)
    expect(valueOf(rates, 'disk.reads_per_s[nvme0n1]')).toBe(0)
  })

  it('takes a disk that was plugged in for no burst of reads', async () => {
    const before = edited('numa-2', replaced('numa-2', 'proc/diskstats', ['   8       0 sda 10', '   8       0 sdz 10']))
    const rates = await ratesBetween(before, fixture('numa-2'))
    expect(reasonOf(rates, 'disk.reads_per_s[sda]')).toBe('/proc/diskstats showed no number for reads at the start of the window')
    expect(valueOf(rates, 'disk.reads_per_s')).toBe(0)
  })

  it('takes a file that appeared for no rate', async () => {
    const before = edited('vm-6.18', { 'proc/net/stat/nf_conntrack': null, 'proc/vmstat': null })
    const rates = await ratesBetween(before, fixture('vm-6.18'))
    expect(reasonOf(rates, 'vmstat.pswpin_per_s')).toBe('/proc/vmstat could not be read at the start of the window')
    expect(reasonOf(rates, 'conntrack.drop_per_s')).toBe('/proc/net/stat/nf_conntrack could not be read at the start of the window')
    expect(valueOf(rates, 'vmstat.nr_dirty')).toBeDefined()
  })

  it('takes samples in the wrong order for no rate', async () => {
    const rates = await ratesBetween(fixture('vm-6.18'), fixture('vm-6.18-later'), 0)
    expect(reasonOf(rates, 'irq_rate')).toBe('no time passed between the two samples')
    expect(valueOf(rates, 'load')).toBe(3.83)
  })

  it('gives no mean where nothing happened', async () => {
    expect(reasonOf(await still('vm-6.18'), 'disk.read_await_ms')).toBe('reads did not grow during the window')
  })
})

describe('files of a container', () => {
  it('reports what is there and a reason for the rest', async () => {
    const rates = await still('container')
    expect(valueOf(rates, 'pressure.memory_full_avg10_pct')).toBe(0.4)
    expect(reasonOf(rates, 'pressure.cpu_full_pct')).toBe('/proc/pressure/cpu shows no number for full total on this kernel')
    expect(reasonOf(rates, 'disk.read_bytes_per_s')).toMatch(/diskstats: .*ENOENT/)
    expect(reasonOf(rates, 'tcpext.listen_overflows_per_s')).toMatch(/netstat: .*ENOENT/)
    expect(reasonOf(rates, 'conntrack.count')).toContain('nf_conntrack')
    expect(valueOf(rates, 'net.tx_bytes_per_s')).toBe(0)
  })
})

describe('broken files', () => {
  it('become missing metrics with a reason; what can be read is kept', async () => {
    const rates = await still('broken')
    expect(valueOf(rates, 'pressure.cpu_some_avg10_pct')).toBe(0.53)
    expect(valueOf(rates, 'memory.total_bytes')).toBe(24684096 * 1024)
    expect(valueOf(rates, 'tcpext.listen_overflows_per_s')).toBe(0)
    for (const name of [
      'pressure.cpu_some_pct', 'pressure.io_some_pct', 'pressure.memory_some_pct', 'load', 'irq_rate', 'sched.context_switches_per_s', 'cpu.user_pct',
      'memory.free_bytes', 'memory.available_bytes', 'memory.cached_bytes', 'vmstat.pswpin_per_s', 'vmstat.pswpout_per_s', 'vmstat.pgfault_per_s',
      'disk.reads_per_s', 'softnet.processed_per_s', 'sockets.tcp_inuse', 'tcpext.prune_called_per_s', 'conntrack.count', 'neighbour.entries', 'files.open',
    ]) {
      expect(reasonOf(rates, name), name).toBeDefined()
    }
    expect(reasonOf(rates, 'net.rx_bytes_per_s[we ird]')).toBe("the device's name has characters that a metric's name cannot hold")
  })
})

describe.each(['vm-6.18', 'old-4.18', 'container', 'numa-2', 'broken'] as const)('on every host, such as %s', (name) => {
  it('names each metric once, in a form the model takes', async () => {
    const { metrics, missing } = await still(name)
    const names = [...metrics, ...missing].map((metric) => metric.name)
    expect(new Set(names).size).toBe(names.length)
    for (const metric of metrics) expect(MetricName.safeParse(metric.name).success, metric.name).toBe(true)
  })

  it('describes the host in a form the model takes', async () => {
    await using host = openHost({ root: fixture(name) })
    expect(HostFacts.safeParse(openFacts(host, { procfs: '/proc', sysfs: '/sys' })()).error).toBeUndefined()
  })
})

it('reads kernel files from other folders when told so', async () => {
  const root = edited('container', {
    'host/proc/loadavg': '7.00 0 0 1/1 1\n',
    'host/proc/diskstats': '253 0 dm-0 1 0 8 1 0 0 0 0 0 1 1\n',
    'host/sys/block/dm-0/slaves/sda/dev': '8:0\n',
  })
  const folders = { procfs: '/host/proc', sysfs: '/host/sys' }
  await using host = openHost({ root })
  const rates = openSampler(host, folders).rates(await sampleAt(root, 0, folders), await sampleAt(root, 1000, folders))
  expect(valueOf(rates, 'load')).toBe(7)
  expect(reasonOf(rates, 'disk.reads_per_s')).toBe('/host/proc/diskstats lists nothing to add up')
  expect(reasonOf(rates, 'irq_rate')).toMatch(/^\/host\/proc\/stat: /)
})

it('samples the host it runs on', async () => {
  await using host = openHost({ root: '/' })
  const sampler = openSampler(host)
  const before = sampler.sample()
  // Timer interrupts come at least every 10 ms or so while something runs.
  const until = performance.now() + 100
  while (performance.now() < until) readFileSync('/proc/self/stat')
  const rates = sampler.rates(before, sampler.sample())
  for (const name of ['load', 'memory.available_bytes', 'sched.context_switches_per_s', 'vmstat.pgfault_per_s', 'tcp.curr_estab', 'host.uptime_s']) {
    expect(valueOf(rates, name), `${name}: ${reasonOf(rates, name) ?? ''}`).toBeGreaterThanOrEqual(0)
  }
  expect(valueOf(rates, 'irq_rate')).toBeGreaterThan(0)
  expect(valueOf(rates, 'memory.total_bytes')).toBe(openFacts(host, { procfs: '/proc', sysfs: '/sys' })().memory_bytes)
})
