import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from '@semantos/core'
import { ATTACHED, type Outcome, failureOf, readOutput } from './output.js'
import { type ProbeName, scriptOf } from './probes.js'

/** Together less than the 30 s that a config allows a hook. On a host whose processors are all taken, bpftrace is slow at both. */
const ATTACHES_WITHIN_MS = 15_000
const ENDS_WITHIN_MS = 12_000
const TOLD_AGAIN_MS = 1000
const MOST_OUTPUT_BYTES = 1 << 20

/** A tracer that nobody ended does not run for ever. */
const LIMITS = { timeout: 3_600_000, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT_BYTES } as const

/** Tasks, requests or connections that wait at one time: what is beyond that is not counted. bpftrace's own limit is 4,096. */
const MAP_KEYS = '65536'

/** One bpftrace process with one script, from its start until its histogram is read. */
export interface Trace {
  /** True when the probes are in place, false when it is clear that they will not be. */
  attached(): Promise<boolean>
  /** Ends the tracing and reads what was counted. */
  end(): Promise<Outcome>
  /** Ends the process at once, and settles when it is gone. */
  kill(): Promise<void>
}

export function startTrace(program: string, probe: ProbeName): Trace {
  // -p: bpftrace ends by itself when this process is gone.
  const args = ['-p', String(process.pid), '-f', 'json', scriptOf(probe)]
  const running = promisify(execFile)(program, args, { ...LIMITS, env: { ...process.env, BPFTRACE_MAP_KEYS_MAX: MAP_KEYS } })
  const { child } = running
  const outcome = running.then<Outcome, Outcome>(({ stdout }) => readOutput(stdout), (error: unknown) => ({ reason: reasonOf(error, program) }))
  const attached = new Promise<true>((resolve) => {
    let start = ''
    child.stdout?.on('data', (text: string) => {
      start = `${start}${text}`.slice(0, 200)
      if (start.includes(ATTACHED)) resolve(true)
    })
  })
  let late: string | null = null

  async function within<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
    const timer = setTimeout(() => {
      late = `bpftrace did not ${what} within ${ms / 1000} s and was killed`
      child.kill('SIGKILL')
    }, ms)
    const answer = await work
    clearTimeout(timer)
    return answer
  }

  return {
    attached: () => within(Promise.race([attached, outcome.then(() => false)]), ATTACHES_WITHIN_MS, 'attach its probes'),
    async end() {
      child.kill('SIGINT')
      // bpftrace 0.17 notices a signal only while it waits for events; the next one then ends it. Not SIGINT: that cuts off its last words.
      const again = setInterval(() => child.kill('SIGTERM'), TOLD_AGAIN_MS)
      await within(outcome, ENDS_WITHIN_MS, 'end when told to')
      clearInterval(again)
      return late === null ? outcome : { reason: late }
    },
    async kill() {
      child.kill('SIGKILL')
      await outcome
    },
  }
}

const Failure = z.object({
  code: z.union([z.string(), z.number()]).nullish(),
  signal: z.string().nullish(),
  message: z.string(),
  stderr: z.string().default(''),
})

function reasonOf(error: unknown, program: string): string {
  const { code, signal, message, stderr } = Failure.parse(error)
  if (code === 'ENOENT') return `there is no program ${program}: install bpftrace, or name it with the option program`
  if (code === 'EACCES') return `${program} may not be run by this user`
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `${program} printed more than ${MOST_OUTPUT_BYTES} bytes`
  if (typeof signal === 'string') return failureOf(stderr, `it was ended by ${signal}`)
  return failureOf(stderr, typeof code === 'number' ? `it ended with status ${code}` : message)
}
