import { type HostFacts, type HostReader, type Interface, type Knob, type KnobName, type KnobRef, type KnobValue, type Situation, splitRef } from '@semantos/core'

/** What a rule looks at: metrics, knobs as they stand, the host, and the objective. */
export interface Scene {
  readonly host: HostFacts | null
  readonly sloP95Ms: number
  /** The device that a symptom of one device is asked about. */
  readonly device: string | null
  /** A metric's value; `[*]` in the name stands for the device in question. */
  metric(name: string): number | undefined
  /** Devices for which there is such a metric. */
  devices(metric: string): readonly string[]
  /** A knob's value, where this host has the knob. */
  current(knob: KnobRef): KnobValue | undefined
  knob(name: KnobName): Knob | undefined
  /** Words that the kernel offers for an enum now, or undefined where it does not say. */
  offered(ref: KnobRef): readonly string[] | undefined
  on(device: string | null): Scene
}

const ROOTS: Readonly<Record<Interface, string>> = { sysctl: '/proc/sys', sysfs: '/sys', debugfs: '/sys/kernel/debug' }

/** The situation as rules see it. `reader` is for the files in which the kernel lists what an enum may be. */
export function sceneOf({ snapshot, slo, current, catalogue }: Situation, reader: Pick<HostReader, 'open'>): Scene {
  const metrics = new Map(snapshot.metrics.map(({ name, value }) => [name, value]))
  const at = (device: string | null): Scene => ({
    host: snapshot.host,
    sloP95Ms: slo.p95_ms,
    device,
    metric: (name) => metrics.get(name.replace('[*]', `[${device}]`)),
    devices: (metric) => [...metrics.keys()].map(splitRef).flatMap(({ name, device: has }) => (name === metric && has !== null ? [has] : [])),
    current: (ref) => {
      const reading = current.get(ref)
      return reading?.status === 'present' ? reading.value : undefined
    },
    knob: (name) => catalogue.get(name),
    offered: (ref) => {
      const knob = catalogue.get(ref)
      const reading = current.get(ref)
      if (knob?.type.kind !== 'enum' || reading?.status !== 'present') return undefined
      const { offered_by: list, brackets, values } = knob.type
      if (list !== null) return wordsOf(reader.open(`${ROOTS[knob.where.interface]}/${list.replace('*', splitRef(ref).device ?? '*')}`).read())
      return brackets ? wordsOf({ text: reading.text }) : values.map(({ value }) => value)
    },
    on: at,
  })
  return at(null)
}

function wordsOf(read: { readonly text: string } | { readonly reason: string }): readonly string[] | undefined {
  return 'text' in read ? read.text.replace(/[[\]]/g, '').split(/\s+/).filter(Boolean) : undefined
}
