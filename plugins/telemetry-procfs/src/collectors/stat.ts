import { Finder } from '../scan.js'
import { type Collector, Columns, type MetricSpec, gauge, hostTable, rate, ratio } from '../table.js'

const CPU = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal', 'guest', 'guest_nice'] as const
/** Guest time is part of user time and is not counted twice. */
const CPU_IN_TOTAL = CPU.indexOf('guest')
const PLAIN = ['intr', 'ctxt', 'processes', 'procs_running', 'procs_blocked'] as const
const SOFTIRQS = ['total', 'hi', 'timer', 'net_tx', 'net_rx', 'block', 'irq_poll', 'tasklet', 'sched', 'hrtimer', 'rcu'] as const

const COLUMNS = new Columns([...CPU.map((name) => `cpu ${name}`), 'cpu total', ...PLAIN, ...SOFTIRQS.map((name) => `softirq ${name}`)])

const SHARE: Readonly<Record<(typeof CPU)[number], string>> = {
  user: 'in programs',
  nice: 'in programs with a lowered priority',
  system: 'in the kernel',
  idle: 'idle',
  iowait: 'idle while a task waited for a disk; only a hint, the kernel cannot count it well',
  irq: 'in interrupt handlers',
  softirq: 'in soft interrupts: network and block completions, timers, RCU',
  steal: 'taken by the hypervisor for other guests',
  guest: 'running guests of its own (part of user)',
  guest_nice: 'running guests with a lowered priority (part of nice)',
}

const SOFTIRQ: Readonly<Record<(typeof SOFTIRQS)[number], string>> = {
  total: 'Soft interrupts of all kinds',
  hi: 'High-priority tasklets',
  timer: 'Timer soft interrupts',
  net_tx: 'Network transmit soft interrupts',
  net_rx: 'Network receive soft interrupts',
  block: 'Block completion soft interrupts',
  irq_poll: 'Polled I/O completion soft interrupts',
  tasklet: 'Tasklets: work that drivers put off',
  sched: 'Scheduler balancing soft interrupts',
  hrtimer: 'High-resolution timer soft interrupts',
  rcu: 'RCU soft interrupts',
}

const metrics: readonly MetricSpec[] = [
  ...CPU.map((name) => ratio(`cpu.${name}_pct`, [`cpu ${name}`, 'cpu total'], 'percent', `Share of all CPUs' time ${SHARE[name]}`, 100)),
  rate('irq_rate', 'intr', 'Interrupts of all kinds, timers and inter-processor interrupts included'),
  rate('sched.context_switches_per_s', 'ctxt', 'Context switches on all CPUs'),
  rate('sched.forks_per_s', 'processes', 'Processes and threads started'),
  gauge('sched.procs_running', 'procs_running', 'tasks', 'Tasks that run or wait for a CPU right now'),
  gauge('sched.procs_blocked', 'procs_blocked', 'tasks', 'Tasks that wait for I/O right now'),
  ...SOFTIRQS.map((name) => rate(`softirq.${name}_per_s`, `softirq ${name}`, SOFTIRQ[name])),
]

/** CPU time, interrupts and context switches: https://docs.kernel.org/filesystems/proc.html */
export const stat: Collector = {
  file: 'stat',
  rows: 'host',
  metrics,
  open: () => (text) => {
    const finder = new Finder(text)
    const row = new Float64Array(COLUMNS.names.length)
    let at = 0
    const cpu = finder.after('\ncpu ')
    let total = 0
    for (const index of CPU.keys()) {
      const jiffies = cpu.number()
      if (index < CPU_IN_TOTAL) total += jiffies
      row[at++] = jiffies
    }
    row[at++] = total
    for (const name of PLAIN) row[at++] = finder.after(`\n${name} `).number()
    const softirq = finder.after('\nsoftirq ')
    for (const _name of SOFTIRQS) row[at++] = softirq.number()
    return hostTable(COLUMNS, row)
  },
}
