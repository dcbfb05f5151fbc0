import { Finder } from '../scan.js'
import { type Collector, Columns, type MetricSpec, gauge, hostTable, rate } from '../table.js'

// https://docs.kernel.org/accounting/psi.html
const NEEDS = 'pressure stall information needs Linux 4.20 with CONFIG_PSI, and psi=1 on the kernel command line where it is off by default'

/** Microseconds of stall a second of window, in percent. */
const US_PER_S_TO_PCT = 1e-4

function pressure(resource: string, kinds: readonly ('some' | 'full')[], waited: string, needs: string): Collector {
  const columns = new Columns(kinds.flatMap((kind) => [`${kind} avg10`, `${kind} total`]))
  return {
    file: `pressure/${resource}`,
    rows: 'host',
    needs,
    metrics: kinds.flatMap((kind) => metricsOf(resource, kind, `${kind === 'some' ? 'at least one task' : 'all tasks that were not idle'} waited for ${waited}`)),
    open: () => (text) => {
      const finder = new Finder(text)
      return hostTable(columns, Float64Array.from(kinds.flatMap((kind) => [
        finder.inLine(`\n${kind}`, ' avg10=').decimal(),
        finder.inLine(`\n${kind}`, ' total=').number(),
      ])))
    },
  }
}

function metricsOf(resource: string, kind: string, what: string): readonly MetricSpec[] {
  return [
    rate(`pressure.${resource}_${kind}_pct`, `${kind} total`, `Share of the window in which ${what}`, { unit: 'percent', scale: US_PER_S_TO_PCT }),
    gauge(`pressure.${resource}_${kind}_avg10_pct`, `${kind} avg10`, 'percent', `The kernel's own 10 s average of the share of time in which ${what}`),
  ]
}

/** Pressure stall information. For the CPU of a whole host the kernel reports `full` as 0. */
export const pressures: readonly Collector[] = [
  pressure('cpu', ['some', 'full'], 'a CPU', NEEDS),
  pressure('io', ['some', 'full'], 'I/O', NEEDS),
  pressure('memory', ['some', 'full'], 'memory', NEEDS),
  pressure('irq', ['full'], 'interrupt handlers', 'it needs Linux 6.1 with CONFIG_IRQ_TIME_ACCOUNTING'),
]
