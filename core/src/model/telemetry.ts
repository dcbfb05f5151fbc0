import { z } from 'zod'
import { Finite } from './value.js'

/** A metric's name, with the device in brackets where there is one: `load`, `disk.read_bytes_per_s[vda]`. */
export const MetricName = z.string().max(192).regex(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*(?:\[[A-Za-z0-9_.:@\/-]+\])?$/, {
  error: 'must be a dotted name of lower-case letters, digits and _, with a device in brackets where there is one',
})

/** One measured number. `source` is the plugin that measured it, stamped by the kernel. */
export const Metric = z.strictObject({
  name: MetricName,
  value: Finite,
  unit: z.string().min(1).max(32),
  source: z.string(),
})
export type Metric = z.infer<typeof Metric>
/** A metric as a plugin adds it. The unit is a word such as `ms`, `bytes_per_s` or `count`: the one that the name ends in, where it ends in one. */
export const MetricDraft = Metric.omit({ source: true })
export type MetricDraft = z.infer<typeof MetricDraft>

/** A metric that this host cannot give, and why. */
export const Missing = z.strictObject({ name: z.string().min(1).max(192), reason: z.string().min(1), source: z.string() })
export type Missing = z.infer<typeof Missing>
/** A missing metric as a plugin adds it: the name may be that of a group, such as `nginx`. */
export const MissingDraft = Missing.omit({ source: true })
export type MissingDraft = z.infer<typeof MissingDraft>

/** What the machine is, as opposed to how it is doing. */
export const HostFacts = z.strictObject({
  name: z.string().max(256),
  kernel: z.string().min(1).max(256),
  /** Changes with every boot: /proc/sys/kernel/random/boot_id. */
  boot_id: z.string().max(64).nullable(),
  cpu_model: z.string().max(256),
  cpus: z.int().min(1),
  numa_nodes: z.int().min(1),
  memory_bytes: z.int().min(0),
  swap_bytes: z.int().min(0),
  block_devices: z.array(z.string().max(64)).readonly(),
  net_devices: z.array(z.string().max(64)).readonly(),
  virtualization: z.enum(['none', 'vm', 'container', 'unknown']),
})
export type HostFacts = z.infer<typeof HostFacts>

/** What was seen in one look at the system, metrics ordered by name. */
export const Snapshot = z.strictObject({
  time: z.iso.datetime(),
  /** Null where no plugin describes the host. */
  host: HostFacts.nullable(),
  metrics: z.array(Metric).readonly(),
  missing: z.array(Missing).readonly(),
})
export type Snapshot = z.infer<typeof Snapshot>

/** The value of a metric in its unit, or undefined where it was not measured. */
export function metricValue(snapshot: Snapshot, name: string): number | undefined {
  return snapshot.metrics.find((metric) => metric.name === name)?.value
}
