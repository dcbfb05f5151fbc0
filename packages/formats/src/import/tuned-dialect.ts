import type { KnobName } from '@semantos/core'
import type { Machine } from './tuned-variables.js'

/**
 * What an option means: a kernel file, or a knob by its names (the first that the catalogue has) on some devices (null: all);
 * or why it means none. `compared`: the text may begin with `>` or `<`.
 */
export type Meaning =
  | { readonly path: string; readonly text: string; readonly compared: boolean }
  | { readonly names: readonly KnobName[]; readonly devices: string | null; readonly text: string; readonly compared: boolean }
  | { readonly reason: string }

interface Around {
  readonly devices: readonly string[]
  readonly machine: Machine
}

interface Dialect {
  /** Its units share out devices: the first unit that matches a device has it. */
  readonly perDevice: boolean
  meaning(key: string, text: string, around: Around): Meaning
}

/** How each of tuned's plugins that set kernel parameters reads its options (tuned-profiles(7), and the plugins themselves). */
export const DIALECT: ReadonlyMap<string, Dialect> = new Map([
  ['sysctl', { perDevice: false, meaning: sysctl }],
  ['sysfs', { perDevice: false, meaning: sysfs }],
  ['vm', { perDevice: false, meaning: vm }],
  ['scheduler', { perDevice: false, meaning: scheduler }],
  ['cpu', { perDevice: true, meaning: cpu }],
  ['disk', { perDevice: true, meaning: disk }],
  ['net', { perDevice: true, meaning: net }],
])

/** tuned's plugins that set no kernel parameter which could be written while the system runs. */
export const NOT_KNOBS: ReadonlyMap<string, string> = new Map([
  ['acpi', 'it asks the firmware for a platform profile'],
  ['audio', "it steers the sound driver's power saving"],
  ['bootloader', 'it changes the kernel command line, which takes a boot'],
  ['eeepc_she', 'it steers one make of laptop'],
  ['irq', 'it places interrupts on CPUs'],
  ['irqbalance', 'it configures the irqbalance service'],
  ['kthread', 'it places kernel threads on CPUs'],
  ['modules', 'it loads kernel modules with options'],
  ['mounts', 'it changes mount options'],
  ['rtentsk', 'it keeps a socket open to avoid a static key change'],
  ['script', 'it runs a script'],
  ['scsi_host', "it sets the power management of a disk's link"],
  ['selinux', 'it sets the cache of SELinux'],
  ['service', 'it starts and stops services'],
  ['systemd', 'it configures systemd'],
  ['uncore', 'it sets the frequency of the uncore'],
  ['usb', 'it sets the autosuspend of USB devices'],
  ['video', "it sets a graphics card's power profile"],
])

const named = (name: KnobName, text: string, devices: string | null = null): Meaning => ({ names: [name], devices, text, compared: true })

function sysctl(key: string, text: string): Meaning {
  return { path: `/proc/sys/${key.replaceAll('.', '/')}`, text: text.replace(/^"(.*)"$/s, '$1'), compared: true }
}

function sysfs(key: string, text: string): Meaning {
  return key.startsWith('/sys/') ? { path: key, text, compared: false } : { reason: 'it is not below /sys' }
}

const THP: ReadonlyMap<string, KnobName> = new Map([
  ['transparent_hugepages', 'thp.enabled'], ['transparent_hugepage', 'thp.enabled'], ['transparent_hugepage.defrag', 'thp.defrag'],
])
const DIRTY = /^dirty_(?:background_)?(?:bytes|ratio)$/

function vm(key: string, text: string): Meaning {
  const hugepages = THP.get(key)
  if (hugepages !== undefined) return named(hugepages, text)
  if (!DIRTY.test(key)) return unknown('vm', key)
  const percent = key.endsWith('_bytes') ? /^(\d+)\s*%$/.exec(text.trim())?.[1] : undefined
  // A share of the memory is what the knob's other half is for.
  return percent === undefined ? named(`vm.${key}`, text) : named(`vm.${key.replace(/bytes$/, 'ratio')}`, percent)
}

const SCHED = /^sched_(?<sched>min_granularity_ns|latency_ns|wakeup_granularity_ns|tunable_scaling|migration_cost_ns|nr_migrate)$|^numa_balancing_(?<numa>scan_delay_ms|scan_period_min_ms|scan_period_max_ms|scan_size_mb)$/

/** These left /proc/sys for debugfs in 5.13. */
function scheduler(key: string, text: string): Meaning {
  const { sched, numa } = SCHED.exec(key)?.groups ?? {}
  if (sched !== undefined) return { names: [`sched.${sched}`, `kernel.sched_${sched}`], devices: null, text, compared: true }
  if (numa !== undefined) return { names: [`sched.numa_balancing.${numa}`, `kernel.numa_balancing_${numa}`], devices: null, text, compared: true }
  return { reason: 'it places threads and interrupts on CPUs, or sets their priority' }
}

/** The names that a CPU's energy bias has in place of numbers: the kernel's own, and one of older tools. */
const ENERGY_BIAS: ReadonlyMap<string, string> = new Map([
  ['performance', '0'], ['balance-performance', '4'], ['normal', '6'], ['balance-power', '8'], ['power', '15'], ['powersave', '15'],
])

const LATENCY = new Set(['force_latency', 'load_threshold', 'latency_low', 'latency_high'])

function cpu(key: string, text: string, { devices, machine }: Around): Meaning {
  const every = devices.length === 1 && devices[0] === '*'
  switch (key) {
    case 'governor':
      return every ? firstOffered('cpufreq.governor', text, machine.governors) : { reason: 'it is meant for some CPUs, and the knob is one a frequency domain' }
    case 'energy_performance_preference':
      return every ? firstOffered('cpufreq.energy_performance_preference', text, machine.energyPreferences) : { reason: 'it is meant for some CPUs, and the knob is one a frequency domain' }
    case 'energy_perf_bias': {
      const bias = text.split('|').map((name) => ENERGY_BIAS.get(name.trim()) ?? name.trim()).find((name) => /^\d+$/.test(name))
      return bias === undefined ? { reason: 'none of these is an energy bias' } : onDevices('cpu.energy_perf_bias', bias, devices, '*')
    }
    case 'pm_qos_resume_latency_us':
      return onDevices('cpu.pm_qos_resume_latency_us', text, devices, '*')
    case 'min_perf_pct':
    case 'max_perf_pct':
      return named(`intel_pstate.${key}`, text)
    case 'no_turbo':
      return named('intel_pstate.no_turbo', text.replace(/^true$/i, '1').replace(/^false$/i, '0'))
    case 'boost':
      return named('cpufreq.boost', text)
    default:
      if (LATENCY.has(key)) return { reason: 'tuned holds /dev/cpu_dma_latency open while it runs; cpu.pm_qos_resume_latency_us is the nearest knob' }
      return unknown('cpu', key)
  }
}

/** Alternatives stand in the order of preference; which of them the machine offers, only the machine knows. */
function firstOffered(knob: KnobName, text: string, offered: readonly string[] | null): Meaning {
  const alternatives = text.split('|').map((name) => name.trim())
  const [only = ''] = alternatives
  if (alternatives.length === 1) return named(knob, only)
  if (offered === null) return { reason: 'which of these this machine offers is not known here' }
  const first = alternatives.find((name) => offered.includes(name))
  return first === undefined ? { reason: `this machine offers none of these, but ${offered.join(', ')}` } : named(knob, first)
}

/** The disks that tuned takes for its own: those on SCSI, virtio, Xen and NVMe, and no loop or RAM disk. */
const DISKS = 'sd*,vd*,xvd*,nvme*'

function disk(key: string, text: string, { devices }: Around): Meaning {
  switch (key) {
    case 'readahead': {
      const { prefix = '', number = '', unit = '' } = /^(?<prefix>[<>]?)(?<number>\d{1,15})(?:\s+(?<unit>\S+))?$/.exec(text.trim())?.groups ?? {}
      if (number === '') return { reason: 'the read-ahead is not a number' }
      // With `s` behind it the number counts sectors of 512 bytes.
      return onDevices('block.read_ahead_kb', `${prefix}${unit.startsWith('s') ? Math.trunc(Number(number) / 2) : number}`, devices, DISKS)
    }
    case 'elevator':
      return onDevices('block.scheduler', text, devices, DISKS)
    case 'readahead_multiply':
      return { reason: 'it is a multiple of what stands, which a fixed value cannot say' }
    case 'scheduler_quantum':
      return { reason: 'only the scheduler CFQ had it, which left the kernel in 5.0' }
    case 'apm':
    case 'spindown':
      return { reason: 'it is a command to the drive (hdparm)' }
    case 'dynamic':
      return { reason: 'it steers the tuned service, which watches the load' }
    default:
      return unknown('disk', key)
  }
}

/** Network interfaces that stand for hardware, by the names that udev and the kernel give them. */
const NICS = 'en*,eth*,ib*,wl*,ww*'

function net(key: string, text: string, { devices }: Around): Meaning {
  switch (key) {
    case 'nf_conntrack_hashsize':
      return named('net.netfilter.nf_conntrack_buckets', text)
    case 'txqueuelen':
      return onDevices('netdev.tx_queue_len', text, devices, NICS)
    case 'mtu':
    case 'coalesce':
    case 'features':
    case 'ring':
    case 'channels':
    case 'pause':
    case 'wake_on_lan':
      return { reason: 'it is a setting of the network card (ethtool, ip link)' }
    case 'dynamic':
      return { reason: 'it steers the tuned service, which watches the load' }
    default:
      return unknown('net', key)
  }
}

/** `every` is what `*` stands for. */
function onDevices(knob: KnobName, text: string, devices: readonly string[], every: string): Meaning {
  if (!devices.every((rule) => /^!?[A-Za-z0-9_.:@*?-]+$/.test(rule))) return { reason: `its devices '${devices.join(' ')}' are not patterns of * and ?` }
  const rules = devices.some((rule) => !rule.startsWith('!')) ? devices : ['*', ...devices]
  const all = rules.flatMap((rule) => (rule === '*' ? every.split(',') : [rule]))
  return named(knob, text, all.length === 1 && all[0] === '*' ? null : all.join(','))
}

function unknown(plugin: string, key: string): Meaning {
  return { reason: `tuned's plugin '${plugin}' has no option '${key}' that is known here` }
}
