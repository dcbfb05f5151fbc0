import { type TrialDraft, z } from '@semantos/core'
import { Latencies } from '../reading/latencies.js'
import { Lines } from '../reading/lines.js'
import { noneSucceeded, unusable } from '../reading/misfit.js'
import { oneOf } from '../reading/one-of.js'
import type { Output, OutputFile } from '../reading/output.js'

export const PgbenchOptions = z.strictObject({
  name: z.literal('pgbench'),
  /** The per-transaction logs of -l, one a thread. */
  log: z.string().min(1).default('pgbench_log.*'),
})

const HOW = 'Run pgbench with -l --log-prefix="$SEMANTOS_TRIAL_DIR/pgbench_log", without --sampling-rate and --aggregate-interval.'

/** Client, transaction, microseconds (or why there are none), script, and the time; then lag and tries where asked for. */
const TRANSACTION = /^\d+ \d+ (\d+|skipped|failed|serialization|deadlock) \d+ \d+ \d{1,6}(?: \d+){0,2}$/

/** The lines of a summary, in the words of versions 9.6 to 17. */
const SUMMARY = oneOf(
  /pgbench \(.*\)/, /transaction type: .*/, /scaling factor: \d+/, /partition method: \w+/, /partitions: \d+/, /query mode: \w+/, /number of (?:clients|threads|transactions per client): \d+/,
  /maximum number of tries: \d+/, /duration: \d+ s/, /number of transactions actually processed: \d+(?:\/\d+)?/, /total number of retries: \d+/,
  /number of (?:failed transactions|serialization failures|deadlock failures|transactions retried|transactions skipped): \d+ \([\d.]+ ?%\)/,
  /number of transactions above the [\d.]+ ms latency limit: \d+(?:\/\d+)? \([\d.]+ ?%\)/,
  /latency (?:average|stddev) (?:=|:) [\d.]+ ms(?: \(including failures\))?/, /rate limit schedule lag: avg [\d.]+ \(max [\d.]+\) ms/, /(?:initial|average) connection time = [\d.]+ ms/,
  /tps = [\d.]+ \((?:without initial connection time|including reconnection times|(?:excluding|including) connections establishing)\)/,
)

/** What it adds for each script and each statement of it. */
const SCRIPTS = oneOf(
  /SQL script \d+: .*/, / - weight: \d+.*/, / - \d+ transactions \(.*\)/, / - (?:number of [a-z ]+|total number of retries): \d+.*/, / - latency (?:average|stddev) = [\d.]+ ms/,
  /(?: - )?statement latencies in milliseconds(?:,? (?:and )?failures(?:,? (?:and )?retries)?)?:/, / +[\d.]+ {2}.*/,
)

/** The summary on stdout, and the latencies from the log: the summary has an average only. */
export function parsePgbench(output: Output, options: z.output<typeof PgbenchOptions>): TrialDraft {
  const summary = readSummary(output.text)
  if (summary.processed === 0) throw noneSucceeded('pgbench')
  const latencies = new Latencies()
  for (const file of output.files(options.log)) readLog(file, latencies)
  if (latencies.count !== summary.processed) {
    throw unusable('pgbench', `the log holds ${latencies.count} of ${summary.processed} transactions`, HOW)
  }
  return { latency: latencies.percentiles, throughput_per_s: summary.tps, requests: summary.processed, errors: summary.errors, counters: {} }
}

function readSummary(text: string): { processed: number; errors: number; tps: number } {
  const lines = new Lines('pgbench', text)
  let [processed, tps, errors] = [Number.NaN, Number.NaN, 0]
  for (const [line] of lines.each(oneOf(SUMMARY, SCRIPTS))) {
    const count = /^number of (transactions actually processed|failed transactions|transactions skipped): (\d+)/.exec(line)
    if (count?.[1] === 'transactions actually processed') processed = Number(count[2])
    else if (count) errors += Number(count[2])
    tps = Number(/^tps = ([\d.]+) \((?:without initial connection time|including reconnection times|excluding connections establishing)\)$/.exec(line)?.[1] ?? tps)
  }
  if (Number.isNaN(processed)) throw lines.misfit('number of transactions actually processed')
  if (Number.isNaN(tps)) throw lines.misfit('tps = … (without initial connection time)')
  lines.end()
  return { processed, errors, tps }
}

function readLog({ text }: OutputFile, latencies: Latencies): void {
  const lines = new Lines('pgbench', text)
  for (const [, time = ''] of lines.each(TRANSACTION)) {
    const ns = Number(time) * 1000
    if (Latencies.holds(ns)) latencies.record(ns)
  }
  if (lines.line !== null) throw lines.misfit('a line of the transaction log', HOW)
}
