import type { Trace } from '@semantos/core'
import { streams } from '@semantos/core/kernel'

const RATES = Array.from({ length: 24 }, (_, index) => `rate.metric_${index}_per_s`)
const MACHINES = ['AMD EPYC 7763', 'AMD EPYC 9654', 'Intel Xeon 8380', 'Intel Xeon 6430', 'Ampere Altra']
const KNOBS = ['vm.swappiness', 'vm.dirty_ratio', 'net.core.somaxconn', 'kernel.numa_balancing']

/**
 * Traces as a fleet leaves them: services with a usual level for each metric, which a run shows within some tens of percent, and
 * now and then far off; machines of five kinds.
 */
export function* fleet(count: number, seed: number, services = 200): Generator<Trace> {
  const levels = streams(0)('levels')
  const usual = Array.from({ length: services }, () => RATES.map(() => Math.exp(levels() * 10)))
  const draw = streams(seed)('fleet')
  const normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  for (let number = 0; number < count; number++) {
    const service = Math.floor(draw() * services)
    const load = normal() * 0.5
    const rates = RATES.map((name, index): [string, number] => [name, (usual[service]?.[index] ?? 1) * Math.exp(load + normal() * (draw() < 0.1 ? 1.5 : 0.2))])
    yield {
      id: `run-${seed}-${number}`,
      time: new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString(),
      host: { kernel: '6.12.0', cpu_model: MACHINES[service % MACHINES.length] ?? '', cpus: 2 ** (3 + (service % 4)), memory_bytes: 2 ** (34 + (service % 3)), virtualization: 'none' },
      workload: `service-${service}`,
      metrics: { ...Object.fromEntries(rates), load: 8 * Math.exp(load), p95_ms: 100 * Math.exp(load * 0.5 + normal() * 0.1) },
      actions: [{ knob: KNOBS[number % KNOBS.length] ?? '', from: 1, to: 2 }],
      improvement_pct: normal() * 5,
      verdict: number % 3 === 0 ? 'better' : 'no difference',
    }
  }
}
