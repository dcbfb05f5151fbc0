import { z } from 'zod'
import { KnobValue, Whole, Word } from './value.js'

/** A knob's name in the field's dotted form, such as `vm.swappiness` or `block.read_ahead_kb`. */
export const KnobName = z.string().max(128).regex(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_-]+)+$/, {
  error: 'must be a dotted name of lower-case letters, digits, _ and -, such as vm.swappiness',
})
export type KnobName = z.infer<typeof KnobName>

/**
 * One setting on one machine: a knob's name, and the device in brackets where the knob has one a device:
 * `vm.swappiness`, `block.read_ahead_kb[vda]`, `cpuidle.state_disable[cpu0:state1]`. No part of a device is . or ..: it
 * will stand in a path.
 */
export const KnobRef = z.string().max(256).regex(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_-]+)+(?:\[(?!(?:[^\]]*:)?\.{1,2}[:\]])[A-Za-z0-9_.:@-]+\])?$/, {
  error: 'must be a knob name, with the device in brackets where there is one, such as block.read_ahead_kb[vda]',
})
export type KnobRef = z.infer<typeof KnobRef>

/** The unit of a knob's value. `cs` is a hundredth of a second, `flag` 0 or 1, `mask` a bit mask, `none` a number without unit. */
export const Unit = z.enum([
  'none', 'count', 'bytes', 'KiB', 'pages', 'percent', 'permille', 'packets', 'sectors', 'kHz', 'Hz',
  'ns', 'us', 'ms', 'cs', 's', 'min', 'jiffies', 'flag', 'mask', 'ratio',
])
export type Unit = z.infer<typeof Unit>

/** Whole numbers from `min` to `max`, both included, in the unit of the knob. */
export const Range = z.strictObject({ min: Whole, max: Whole }).refine((r) => r.min <= r.max, { error: 'min must not exceed max' })
export type Range = z.infer<typeof Range>

const Special = z.strictObject({ value: Whole, meaning: z.string().min(1) })

/**
 * `range` is what the kernel accepts, `safe` what the guardrails accept, `search` what a tuner may try.
 * `special` values lie outside `safe` and mean something else, such as -1 for "no limit".
 */
const IntegerType = z.strictObject({
  kind: z.literal('integer'),
  unit: Unit,
  range: Range,
  safe: Range,
  search: z.strictObject({ min: Whole, max: Whole, step: Whole.min(1), scale: z.enum(['linear', 'log2']) }).nullable(),
  special: z.array(Special).readonly().default([]),
})

/** `among_others`: the file shows the words of many switches, this one's `off` or `on` among them, and takes one at a time. */
const BooleanType = z.strictObject({ kind: z.literal('boolean'), off: Word.default('0'), on: Word.default('1'), among_others: z.boolean().default(false) })

/** `open`: the kernel offers more words than are listed here (modules add some), and shows which. */
const EnumType = z.strictObject({
  kind: z.literal('enum'),
  values: z.array(z.strictObject({ value: Word, meaning: z.string().min(1) })).min(1).readonly(),
  brackets: z.boolean(),
  open: z.boolean(),
  offered_by: z.string().nullable().default(null),
})

const VectorType = z.strictObject({
  kind: z.literal('vector'),
  unit: Unit,
  fields: z.array(z.strictObject({ name: z.string().min(1), range: Range, safe: Range })).min(2).max(64).readonly(),
  ascending: z.boolean(),
})

/** What values a knob takes, by `kind`: an integer, a boolean (0 or 1 here, whatever the file says), a word of an enum, or several integers. */
export const KnobType = z.discriminatedUnion('kind', [IntegerType, BooleanType, EnumType, VectorType])
export type KnobType = z.infer<typeof KnobType>

/** Relative to the interface's root; `*` stands for one path segment, which becomes the device in the reference. */
const KnobPath = z.string().max(256).regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?:[A-Za-z0-9_.:@-]+|\*)(?:\/(?:[A-Za-z0-9_.:@-]+|\*))*$/, {
  error: 'must be a relative path without . or .. segments',
})

/** Which of the kernel's file trees a knob stands in: /proc/sys, /sys, or /sys/kernel/debug. */
export const Interface = z.enum(['sysctl', 'sysfs', 'debugfs'])
export type Interface = z.infer<typeof Interface>

const Where = z.strictObject({
  interface: Interface,
  path: KnobPath,
  /** Other files of the same interface that are the same kernel variable, such as net/nf_conntrack_max. */
  also_at: z.array(KnobPath).readonly().default([]),
  per: z.enum(['host', 'block-device', 'cpu', 'cpu-policy', 'cpu-idle-state', 'net-device', 'numa-node', 'hugepage-size', 'module']),
  /** How the knob behaves inside a network namespace of its own. */
  netns: z.enum(['none', 'namespaced', 'read-only-inside', 'host-only']),
})

const KernelVersion = z.string().regex(/^\d+\.\d+(?:\.\d+)?$/, { error: 'must be a kernel version such as 6.6' })

/** `until` is the first version without the knob here; `successor` is the knob that took its place. */
const Versions = z.strictObject({
  since: KernelVersion.nullable(),
  until: KernelVersion.nullable(),
  successor: KnobName.nullable(),
})

/**
 * When a changed value begins to count: at once, or only for what is made anew after the change. `tcp_metrics flush`: new connections, once the
 * kernel has forgotten what it remembers of their peers; until then, what was remembered under the old value counts on.
 */
export const TakesEffect = z.enum([
  'at once', 'next listen()', 'new sockets', 'new connections', 'tcp_metrics flush', 'next open()', 'new cgroups', 'new sessions', 'new processes', 'next boot',
])
export type TakesEffect = z.infer<typeof TakesEffect>

/** The part of the kernel that a knob belongs to. */
export const Subsystem = z.enum([
  'scheduler', 'memory', 'writeback', 'hugepages', 'block', 'numa', 'irq', 'power', 'net-core', 'tcp', 'udp', 'ipv4', 'ipv6',
  'conntrack', 'neighbour', 'files', 'ipc', 'cgroup',
])
export type Subsystem = z.infer<typeof Subsystem>

/** The words of which a file with many shows one for this knob; empty where the whole text is the knob's. */
export function ownWords(type: KnobType): readonly string[] {
  return type.kind === 'boolean' && type.among_others ? [type.off, type.on] : []
}

/** An upper bound that is another knob's value, and what goes wrong above it. */
const NotAbove = z.strictObject({ knob: KnobName, why: z.string().min(10) })

/** Everything SemantOS knows about one kernel parameter. Data, not code: see `plugins/knowledge-catalogue/data/`. */
export const Knob = z.strictObject({
  name: KnobName,
  where: Where,
  type: KnobType,
  /** The kernel's own default; null where the kernel computes it at boot from the machine. */
  default: KnobValue.nullable(),
  versions: Versions,
  /** A knob that a write to this one sets to 0, such as vm.dirty_bytes for vm.dirty_ratio. */
  resets: z.array(KnobName).readonly().default([]),
  /** Knobs that a write to this one may change to values of the kernel's choosing, such as block.nr_requests for block.scheduler. */
  also_changes: z.array(KnobName).readonly().default([]),
  /** Knobs that this one must not exceed on the same device: the kernel refuses it, or behaves as if it were lower. */
  not_above: z.array(NotAbove).readonly().default([]),
  /** The mechanism of which this knob sets one part. Its knobs go into one rollout step: between two, half an effect would be measured. */
  mechanism: z.string().min(1).nullable().default(null),
  /** What must exist on the host: debugfs, numa, swap, cpufreq, module:NAME and the like. */
  needs: z.array(z.string().min(1)).readonly().default([]),
  takes_effect: TakesEffect,
  /** How much a bad value can hurt a running service. */
  risk: z.enum(['low', 'medium', 'high']),
  /** False: never tried by itself, since a trial does not show what it is for: diagnosis, a defence, what becomes of a broken connection. */
  automatic: z.boolean().default(true),
  subsystem: Subsystem,
  /** What it does, in our own words. */
  meaning: z.string().min(20),
  /** The kernel's own page on it. */
  documentation: z.url(),
  /** Names of metrics (see the telemetry plugins) that point to this knob. */
  evidence: z.array(z.string().min(1)).readonly().default([]),
  /** Which kind of drop-in makes a value outlive a restart. */
  persist: z.enum(['sysctl.d', 'udev', 'tmpfiles', 'none']),
})
export type Knob = z.infer<typeof Knob>
/** A knob as data files write it: what has a default may be left out. */
export type KnobInput = z.input<typeof Knob>

/** The name of the knob and, where there is one, the device. */
export function splitRef(ref: KnobRef): { name: KnobName; device: string | null } {
  const bracket = ref.indexOf('[')
  return bracket < 0 ? { name: ref, device: null } : { name: ref.slice(0, bracket), device: ref.slice(bracket + 1, -1) }
}

/** The reference of a knob on a device: `joinRef('block.read_ahead_kb', 'vda')` is `block.read_ahead_kb[vda]`. */
export function joinRef(name: KnobName, device: string | null): KnobRef {
  return device === null ? name : `${name}[${device}]`
}
