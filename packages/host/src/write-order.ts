import { changedAlong, joinRef, type Knob, type KnobName, type KnobRef, splitRef } from '@semantos/core'

/**
 * Knobs of which the first must not exceed the second, also not for a moment: the kernel refuses it (fragment and clamp
 * limits, cpufreq), or behaves as if the first were half the second (dirty limits, admin-guide/sysctl/vm).
 */
const NOT_ABOVE: readonly (readonly [lower: KnobName, upper: KnobName])[] = [
  ['vm.dirty_background_ratio', 'vm.dirty_ratio'],
  ['vm.dirty_background_bytes', 'vm.dirty_bytes'],
  ['net.core.rmem_default', 'net.core.rmem_max'],
  ['net.core.wmem_default', 'net.core.wmem_max'],
  ['net.ipv4.ipfrag_low_thresh', 'net.ipv4.ipfrag_high_thresh'],
  ['net.ipv6.ip6frag_low_thresh', 'net.ipv6.ip6frag_high_thresh'],
  ['net.ipv4.neigh.default.gc_thresh1', 'net.ipv4.neigh.default.gc_thresh2'],
  ['net.ipv4.neigh.default.gc_thresh2', 'net.ipv4.neigh.default.gc_thresh3'],
  ['net.ipv6.neigh.default.gc_thresh1', 'net.ipv6.neigh.default.gc_thresh2'],
  ['net.ipv6.neigh.default.gc_thresh2', 'net.ipv6.neigh.default.gc_thresh3'],
  ['kernel.sched_util_clamp_min', 'kernel.sched_util_clamp_max'],
  ['cpufreq.scaling_min_freq', 'cpufreq.scaling_max_freq'],
  ['intel_pstate.min_perf_pct', 'intel_pstate.max_perf_pct'],
]

interface Ordered {
  readonly ref: KnobRef
  readonly knob: Knob
  /** Numbers where the values are numbers. */
  readonly from: unknown
  readonly to: unknown
}

/**
 * The order in which a batch is written: as given, but an upper bound that rises goes before its lower one, one that falls
 * after it, and a knob goes before those that it changes along. A restore goes the same way back.
 */
export function inWriteOrder<T extends Ordered>(batch: readonly T[]): T[] {
  const byRef = new Map(batch.map((write) => [write.ref, write]))
  const changing = batch.filter(({ knob }) => changedAlong(knob).length > 0)
  const ordered = new Set<T>()
  const place = (write: T, waiting: ReadonlySet<T>): void => {
    if (ordered.has(write) || waiting.has(write)) return
    for (const first of mustGoBefore(write, byRef, changing)) place(first, new Set([...waiting, write]))
    ordered.add(write)
  }
  for (const write of batch) place(write, new Set())
  return [...ordered]
}

function mustGoBefore<T extends Ordered>(write: T, batch: ReadonlyMap<KnobRef, T>, changing: readonly T[]): T[] {
  const { name, device } = splitRef(write.ref)
  const other = (partner: KnobName) => batch.get(joinRef(partner, device))
  const before: (T | undefined)[] = []
  for (const [lower, upper] of NOT_ABOVE) {
    const [low, high] = [name === lower ? write : other(lower), name === upper ? write : other(upper)]
    if (!high || !low || (name !== lower && name !== upper)) continue
    const first = rises(high) ? high : low
    if (first !== write) before.push(first)
  }
  // A pair that resets each other keeps the order given.
  for (const first of changing) if (changedAlong(first.knob).includes(name) && !write.knob.resets.includes(first.knob.name)) before.push(first)
  return before.filter((first) => first !== undefined).filter((first) => splitRef(first.ref).device === device)
}

function rises({ from, to }: Ordered): boolean {
  return typeof from === 'number' && typeof to === 'number' && to > from
}
