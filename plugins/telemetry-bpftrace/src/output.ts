import { z } from '@semantos/core'
import { Histogram } from './histogram.js'

const Line = z.object({ type: z.string(), data: z.unknown() })
const Counted = z.object({ '@us': Histogram })

/** What the last probe of each script prints when all are in place. */
export const ATTACHED = '"in place\\n"'

/** What was counted, or why nothing could be. */
export type Outcome = Histogram | { readonly reason: string }

/** The histogram in what `bpftrace -f json` printed; an empty one where nothing happened. */
export function readOutput(stdout: string): Outcome {
  if (!stdout.includes(ATTACHED)) return { reason: 'bpftrace ended before its probes were attached' }
  let histogram: Histogram = []
  for (const [index, text] of stdout.split('\n').entries()) {
    if (text.trim() === '') continue
    const line = Line.safeParse(parsed(text))
    if (!line.success) return { reason: `line ${index + 1} of bpftrace's output is no message in JSON: ${shortened(text)}` }
    if (line.data.type !== 'hist') continue
    const counted = Counted.safeParse(line.data.data)
    if (!counted.success) return { reason: `line ${index + 1} of bpftrace's output is no histogram: ${shortened(z.prettifyError(counted.error))}` }
    histogram = counted.data['@us']
  }
  return histogram
}

/** bpftrace says so where it may not raise the limit of locked memory; since Linux 5.11 BPF does not need it. */
const HARMLESS = /RLIMIT_MEMLOCK/

const HINTS = [
  { pattern: /lockdown/i, says: 'the lockdown of this kernel forbids it' },
  { pattern: /root user|not permitted|Permission denied/, says: 'BPF is for root, in a container only with the capabilities BPF, PERFMON and SYS_ADMIN' },
  { pattern: /tracepoint not found/, says: 'this kernel lacks a tracepoint, or tracefs is not mounted (mount -t tracefs tracefs /sys/kernel/tracing)' },
  { pattern: /BTF|Unknown struct|unknown type/, says: 'the type information of the kernel (BTF) is not there or may not be read' },
] as const

/** Why bpftrace gave up: what is known of such a failure, and its own words. `how` is how it ended, for one that said nothing. */
export function failureOf(stderr: string, how: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !HARMLESS.test(line))
  const said = shortened(lines.find((line) => line.includes('ERROR')) ?? lines[0] ?? how)
  const hint = HINTS.find(({ pattern }) => lines.some((line) => pattern.test(line)))
  return hint ? `${hint.says}; bpftrace says: ${said}` : `bpftrace failed: ${said}`
}

const SHOWN = 200

/** One line for the operator, without control characters: what a program prints may be anything. */
function shortened(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ').trim()
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
