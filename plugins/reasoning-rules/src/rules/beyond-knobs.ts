import { above, all, atMost } from '../detect.js'
import type { Symptom } from '../symptom.js'

/** Symptoms against which no kernel setting helps. */
export const beyondKnobs: readonly Symptom[] = [
  {
    id: 'memory.killed',
    set: 'evidence',
    says: 'The kernel kills programs because memory has run out',
    when: above('vmstat.oom_kill_per_s', 0, 'a healthy host kills none'),
    remedies: [],
    advice: 'Add memory or swap, or bound the largest program with memory.high of a cgroup; the kernel log names it.',
  },
  {
    id: 'memory.pressure-without-swap',
    set: 'evidence',
    says: 'Tasks wait for memory, and there is no swap to move idle pages to',
    when: all(above('pressure.memory_some_pct', 10, 'percent of the time some task waits for memory'), atMost('memory.swap_total_bytes', 0, 'bytes of swap')),
    remedies: [],
    advice: 'Add memory, or some swap (zram where there is no disk for it).',
  },
  {
    id: 'disk.saturated',
    set: 'evidence',
    says: 'A disk is busy all the time and its requests wait',
    each: 'disk.util_pct',
    when: all(above('disk.util_pct[*]', 95, 'percent of the time a request is in flight'), above('disk.queue_ms_per_s[*]', 8000, 'milliseconds a second: eight requests wait at any time')),
    remedies: [],
    advice: 'The disk gives what it can: move work to another one, or ask it for less.',
  },
  {
    id: 'tcp.damaged',
    set: 'evidence',
    says: 'TCP segments arrive damaged',
    when: above('tcp.in_csum_errors_per_s', 0.1, 'a healthy path damages none'),
    remedies: [],
    advice: 'Look at cables, and at checksum offload of the network devices.',
  },
  {
    id: 'net.device-errors',
    set: 'evidence',
    says: 'A network device receives bad packets',
    each: 'net.rx_errors_per_s',
    when: above('net.rx_errors_per_s[*]', 0.1, 'a healthy link has none'),
    remedies: [],
    advice: 'Look at the cable, the port and the driver.',
  },
]
