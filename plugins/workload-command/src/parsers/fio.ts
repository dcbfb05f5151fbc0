import { type SemantosError, type TrialDraft, z } from '@semantos/core'
import { readJson } from '../reading/json.js'
import { Latencies } from '../reading/latencies.js'
import { noneSucceeded, unusable } from '../reading/misfit.js'
import type { Output } from '../reading/output.js'

const DIRECTIONS = ['read', 'write', 'trim', 'sync'] as const
type Direction = (typeof DIRECTIONS)[number]
const LATENCIES = ['clat', 'lat', 'slat'] as const
type Latency = (typeof LATENCIES)[number]
/** fio adds a second, and its start and end take some tenths. */
const ELAPSED_ROUNDING_S = 0.5

export const FioOptions = z.strictObject({
  name: z.literal('fio'),
  /** Which jobs, by name; all of them by default. */
  job: z.string().min(1).optional(),
  direction: z.enum(DIRECTIONS).default('read'),
  /** Completion latency, or the total with --lat_percentiles=1, or submission with --slat_percentiles=1. `sync` has only one. */
  latency: z.enum(LATENCIES).default('clat'),
})

const Distribution = z.object({ max: z.number().min(0), N: z.int().min(0), bins: z.record(z.string().regex(/^\d{1,15}$/), z.int().min(0)).optional() })
const OfDirection = z.object({
  /** How long the job did this, in ms; of several jobs that are reported as one, the longest. */
  runtime: z.number().min(0),
  total_ios: z.int().min(0),
  bw_bytes: z.number().min(0),
  clat_ns: Distribution.optional(),
  lat_ns: Distribution.optional(),
  slat_ns: Distribution.optional(),
})
const Job = z.object({
  jobname: z.string(),
  groupid: z.int().min(0).default(0),
  /** Seconds since fio began, rounded up. */
  elapsed: z.number().min(0).optional(),
  total_err: z.int().min(0).default(0),
  read: OfDirection,
  write: OfDirection,
  trim: OfDirection.optional(),
  sync: z.object({ lat_ns: Distribution.optional() }).optional(),
})
type Job = z.infer<typeof Job>
const Report = z.object({ jobs: z.array(Job) })

/** What fio says of the options before it begins. `fio: pid=` is how it tells that a job failed. */
const REMARK = /^(?:fio: (?!pid=)|(?:[^:]{1,200}: )?(?:note|hint|warn(?:ing)?): |[^:]{1,200}: No I\/O performed by ).*$/i

/** fio --output-format=json+: the bins of all jobs in one histogram. fio's bins are up to 1.6% wide. */
export function parseFio({ text }: Output, options: z.output<typeof FioOptions>): TrialDraft {
  const { jobs } = readJson('fio', text, Report, REMARK)
  const chosen = jobs.filter(({ jobname }) => options.job === undefined || jobname === options.job)
  const latencies = new Latencies()
  const largest = chosen.map((job) => record(job, options, latencies))
  if (latencies.count === 0) {
    const names = [...new Set(jobs.map(({ jobname }) => jobname))].join(', ')
    if (chosen.length === 0) throw unusable('fio', `it has no job ${options.job ?? ''}; it has ${names}`, 'Name one of these with the parser option job.')
    throw otherDirection(chosen, options.direction) ?? noneSucceeded('fio')
  }
  latencies.recordLargest(Math.max(...largest))
  const seconds = wallSeconds(jobs, chosen.filter((job) => distributionOf(job, options.direction, options.latency)?.N), options.direction)
  if (seconds === 0) throw unusable('fio', 'the jobs ran for less than a millisecond', 'Give fio more to do.')
  return {
    latency: latencies.percentiles,
    throughput_per_s: latencies.count / seconds,
    requests: latencies.count,
    errors: sum(chosen.map(({ total_err }) => total_err)),
    counters: { fio_read_bytes_per_s: bandwidth(jobs, 'read'), fio_write_bytes_per_s: bandwidth(jobs, 'write') },
  }
}

/** Records a job's bins, each known by its middle, and returns its largest latency, which fio knows exactly. */
function record(job: Job, { direction, latency }: z.output<typeof FioOptions>, latencies: Latencies): number {
  const distribution = distributionOf(job, direction, latency)
  if (!distribution || distribution.N === 0) return 0
  if (!distribution.bins) throw unusable('fio', `${direction}.${latency}_ns of job ${job.jobname} has no bins`, flagFor(latency))
  let counted = 0
  for (const [ns, count] of Object.entries(distribution.bins)) {
    latencies.record(Number(ns), count)
    counted += count
  }
  if (counted !== distribution.N) throw unusable('fio', `the bins of job ${job.jobname} hold ${counted} of ${distribution.N} latencies`, 'Run it again.')
  return distribution.max
}

function distributionOf(job: Job, direction: Direction, latency: Latency): z.output<typeof Distribution> | undefined {
  return direction === 'sync' ? job.sync?.lat_ns : job[direction]?.[`${latency}_ns`]
}

/** Jobs that only write, say, while the latencies of reads are asked for. */
function otherDirection(jobs: readonly Job[], direction: Direction): SemantosError | null {
  const others = DIRECTIONS.filter((other) => jobs.some((job) => (distributionOf(job, other, 'clat')?.N ?? 0) > 0))
  if (others.length === 0) return null
  return unusable('fio', `the jobs did no ${direction}; they did ${others.join(', ')}`, 'Name one of these with the parser option direction.')
}

/**
 * How long the chosen jobs took. The jobs of a group run at once. Groups run one after the other (stonewall), unless fio as a whole
 * took less time than that (new_group). job_runtime is of no use: of jobs that are reported as one, it is the sum.
 */
function wallSeconds(jobs: readonly Job[], chosen: readonly Job[], direction: Direction): number {
  const elapsed = Math.max(...jobs.map((job) => job.elapsed ?? Number.POSITIVE_INFINITY))
  const inTurn = sum(groupsMs(jobs, 'sync')) / 1000 < elapsed - ELAPSED_ROUNDING_S
  const ofChosen = groupsMs(chosen, direction)
  return (inTurn ? sum(ofChosen) : Math.max(...ofChosen)) / 1000
}

/** The time that each group took for what was measured; a sync has no time of its own. */
function groupsMs(jobs: readonly Job[], direction: Direction): number[] {
  const groups = new Map<number, number>()
  for (const job of jobs) {
    const ofJob = [job.read, job.write, job.trim].filter((one) => direction === 'sync' || one === job[direction])
    groups.set(job.groupid, Math.max(groups.get(job.groupid) ?? 0, ...ofJob.map((one) => one?.runtime ?? 0)))
  }
  return [...groups.values()]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function flagFor(latency: Latency): string {
  const flag = latency === 'clat' ? '' : ` and --${latency}_percentiles=1`
  return `Run fio with --output-format=json+${flag}.`
}

function bandwidth(jobs: readonly Job[], direction: 'read' | 'write'): number {
  return sum(jobs.map((job) => job[direction].bw_bytes))
}
