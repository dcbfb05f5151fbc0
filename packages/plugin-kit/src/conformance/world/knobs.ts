import { formatValue, Knob, type KnobInput, type KnobRef, type Reading } from '@semantos/core'
import type { Files } from '../folders.js'

const COMMON = {
  versions: { since: null, until: null, successor: null },
  takes_effect: 'at once',
  risk: 'low',
  persist: 'sysctl.d',
} as const

const sysctl = (name: string, netns: 'none' | 'namespaced' = 'none') => ({ interface: 'sysctl', path: name.replaceAll('.', '/'), per: 'host', netns }) as const

const KNOBS: readonly KnobInput[] = [
  {
    ...COMMON, name: 'vm.swappiness', where: sysctl('vm.swappiness'), default: 60, subsystem: 'memory',
    type: { kind: 'integer', unit: 'percent', range: { min: 0, max: 200 }, safe: { min: 0, max: 100 }, search: { min: 0, max: 100, step: 1, scale: 'linear' } },
    meaning: 'How readily program memory is swapped out instead of dropping page cache.',
    documentation: 'https://docs.kernel.org/admin-guide/sysctl/vm.html#swappiness',
  },
  {
    ...COMMON, name: 'vm.dirty_background_ratio', where: sysctl('vm.dirty_background_ratio'), default: 10, subsystem: 'writeback',
    type: { kind: 'integer', unit: 'percent', range: { min: 0, max: 100 }, safe: { min: 1, max: 20 }, search: { min: 2, max: 15, step: 1, scale: 'linear' } },
    meaning: 'The share of memory that may be dirty before the kernel writes in the background.',
    documentation: 'https://docs.kernel.org/admin-guide/sysctl/vm.html#dirty-background-ratio',
  },
  {
    ...COMMON, name: 'vm.dirty_ratio', where: sysctl('vm.dirty_ratio'), default: 20, subsystem: 'writeback',
    type: { kind: 'integer', unit: 'percent', range: { min: 0, max: 100 }, safe: { min: 5, max: 60 }, search: { min: 10, max: 40, step: 1, scale: 'linear' } },
    meaning: 'The share of memory that may be dirty before a writing program writes back itself.',
    documentation: 'https://docs.kernel.org/admin-guide/sysctl/vm.html#dirty-ratio',
  },
  {
    ...COMMON, name: 'net.core.somaxconn', where: sysctl('net.core.somaxconn', 'namespaced'), default: 4096, subsystem: 'net-core', takes_effect: 'next listen()',
    type: { kind: 'integer', unit: 'count', range: { min: 0, max: 2_147_483_647 }, safe: { min: 512, max: 65_535 }, search: { min: 1024, max: 65_535, step: 256, scale: 'linear' } },
    meaning: 'The longest queue of connections that wait to be accepted.',
    documentation: 'https://docs.kernel.org/admin-guide/sysctl/net.html',
  },
  {
    ...COMMON, name: 'kernel.sched_autogroup_enabled', where: sysctl('kernel.sched_autogroup_enabled'), default: 1, subsystem: 'scheduler',
    type: { kind: 'boolean' },
    meaning: 'Whether the tasks of one session share the CPU as one group.',
    documentation: 'https://docs.kernel.org/admin-guide/sysctl/kernel.html',
  },
  {
    ...COMMON, name: 'net.ipv4.tcp_rmem', where: sysctl('net.ipv4.tcp_rmem', 'namespaced'), default: [4096, 131_072, 6_291_456], subsystem: 'tcp', takes_effect: 'new sockets', risk: 'medium',
    type: {
      kind: 'vector', unit: 'bytes', ascending: true,
      fields: [[4096, 65_536], [16_384, 4_194_304], [131_072, 268_435_456]].map(([min = 0, max = 0], index) => ({
        name: ['min', 'default', 'max'][index] ?? '', range: { min: 1, max: 2_147_483_647 }, safe: { min, max },
      })),
    },
    meaning: 'The receive buffer of a connection: under pressure, at the start, and at most.',
    documentation: 'https://docs.kernel.org/networking/ip-sysctl.html#tcp-variables',
  },
  {
    ...COMMON, name: 'net.ipv4.tcp_congestion_control', where: sysctl('net.ipv4.tcp_congestion_control', 'namespaced'), default: 'cubic', subsystem: 'tcp', takes_effect: 'new connections', risk: 'medium',
    type: { kind: 'enum', brackets: false, open: false, values: ['cubic', 'bbr', 'reno'].map((value) => ({ value, meaning: 'how fast a connection sends' })) },
    meaning: 'Which rule sets the sending rate of new connections.',
    documentation: 'https://docs.kernel.org/networking/ip-sysctl.html#tcp-variables',
  },
  {
    ...COMMON, name: 'block.read_ahead_kb', where: { interface: 'sysfs', path: 'block/*/queue/read_ahead_kb', per: 'block-device', netns: 'none' }, default: 128, subsystem: 'block', takes_effect: 'next open()', persist: 'udev',
    type: { kind: 'integer', unit: 'KiB', range: { min: 0, max: 4_294_967_295 }, safe: { min: 0, max: 16_384 }, search: { min: 16, max: 8192, step: 1, scale: 'log2' } },
    meaning: 'How far the kernel reads ahead in a file that is read in order.',
    documentation: 'https://docs.kernel.org/block/queue-sysfs.html',
  },
]

/** One knob of each kind, with the names of real ones. */
export const SAMPLE_KNOBS: readonly Knob[] = KNOBS.map((knob) => Knob.parse(knob))

/** How they stand on the sample host. */
export function readingsOf(knobs: readonly Knob[]): Map<KnobRef, Reading> {
  return new Map(
    knobs.map((knob): [KnobRef, Reading] => {
      const ref = knob.where.per === 'host' ? knob.name : `${knob.name}[vda]`
      if (knob.default === null) return [ref, { status: 'unavailable', knob: ref, reason: 'the sample host does not have it', successor: null }]
      return [ref, { status: 'present', knob: ref, text: textOf(knob), value: knob.default, writable: true, live: true }]
    }),
  )
}

/** Their files on the sample host. */
export function knobFiles(knobs: readonly Knob[]): Files {
  const folders = { sysctl: 'proc/sys', sysfs: 'sys', debugfs: 'sys/kernel/debug' }
  const standing = knobs.filter((knob) => knob.default !== null)
  return Object.fromEntries(standing.map((knob) => [`${folders[knob.where.interface]}/${knob.where.path.replaceAll('*', 'vda')}`, `${textOf(knob)}\n`]))
}

/** As the kernel shows the default. */
function textOf({ type, default: value }: Knob): string {
  if (type.kind === 'boolean') return value === 1 ? type.on : type.off
  return value === null ? '' : formatValue(value).replaceAll(' ', '\t')
}
