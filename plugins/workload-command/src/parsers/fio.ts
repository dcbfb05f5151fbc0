import { type TrialDraft, z } from '@semantos/core'
import { readJson } from '../reading/json.js'
import { Latencies } from '../reading/latencies.js'
import { noneSucceeded, unusable } from '../reading/misfit.js'
import type { Output } from '../reading/output.js'

export const FioOptions = z.strictObject({
  name: z.literal('fio'),
  /** Which jobs, by name; all of them by default. */
  job: z.string().min(1).optional(),
  direction: z.enum(['read', 'write', 'trim', 'sync']).default('read'),
  /** Completion latency, or the total with --lat_percentiles=1, or submission with --slat_percentiles=1. `sync` has only one. */
  latency: z.enum(['clat', 'lat', 'slat']).default('clat'),
})

const Distribution = z.object({ max: z.number().min(0), N: z.int().min(0), bins: z.record(z.string().regex(/^\d{1,15}$/), z.int().min(0)).optional() })
const Direction = z.object({
  total_ios: z.int().min(0),
  bw_bytes: z.number().min(0),
  clat_ns: Distribution.optional(),
  lat_ns: Distribution.optional(),
  slat_ns: Distribution.optional(),
})
const Job = z.object({
  jobname: z.string(),
  job_runtime: z.number().min(0),
  total_err: z.int().min(0).default(0),
  read: Direction,
  write: Direction,
  trim: Direction,
  sync: z.object({ lat_ns: Distribution.optional() }),
})
type Job = z.infer<typeof Job>
const Report = z.object({ jobs: z.array(Job) })

/** What fio says of the options before it begins. `fio: pid=` is how it tells that a job failed. */
const REMARK = /^(?:note: both iodepth >= 1 and synchronous I\/O engine are selected, queue depth will be capped at 1|fio: (?!pid=).*)$/

/** fio --output-format=json+: the bins of all jobs in one histogram. fio's bins are up to 1.6% wide. */
export function parseFio({ text }: Output, options: z.output<typeof FioOptions>): TrialDraft {
  const { jobs } = readJson('fio', text, Report, REMARK)
  const chosen = jobs.filter(({ jobname }) => options.job === undefined || jobname === options.job)
  const latencies = new Latencies()
  const largest = chosen.map((job) => record(job, options, latencies))
  if (latencies.count === 0) {
    const names = [...new Set(jobs.map(({ jobname }) => jobname))].join(', ')
    if (chosen.length === 0) throw unusable('fio', `it has no job ${options.job ?? ''}; it has ${names}`, 'Name one of these with the parser option job.')
    throw noneSucceeded('fio')
  }
  latencies.recordLargest(Math.max(...largest))
  const seconds = Math.max(...chosen.map(({ job_runtime }) => job_runtime)) / 1000
  if (seconds === 0) throw unusable('fio', 'the jobs ran for less than a millisecond', 'Give fio more to do.')
  return {
    latency: latencies.percentiles,
    throughput_per_s: latencies.count / seconds,
    requests: latencies.count,
    errors: chosen.reduce((sum, { total_err }) => sum + total_err, 0),
    counters: { fio_read_bytes_per_s: bandwidth(jobs, 'read'), fio_write_bytes_per_s: bandwidth(jobs, 'write') },
  }
}

/** Records a job's bins, each known by its middle, and returns its largest latency, which fio knows exactly. */
function record(job: Job, { direction, latency }: z.output<typeof FioOptions>, latencies: Latencies): number {
  const distribution = direction === 'sync' ? job.sync.lat_ns : job[direction][`${latency}_ns`]
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

function flagFor(latency: 'clat' | 'lat' | 'slat'): string {
  const flag = latency === 'clat' ? '' : ` and --${latency}_percentiles=1`
  return `Run fio with --output-format=json+${flag}.`
}

function bandwidth(jobs: readonly Job[], direction: 'read' | 'write'): number {
  return jobs.reduce((sum, job) => sum + job[direction].bw_bytes, 0)
}
