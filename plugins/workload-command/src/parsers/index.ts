import { type TakesEffect, type TrialDraft, TrialResult, z } from '@semantos/core'
import { unusable } from '../reading/misfit.js'
import type { Output } from '../reading/output.js'
import { AbOptions, parseAb } from './ab.js'
import { CyclictestOptions, parseCyclictest } from './cyclictest.js'
import { FioOptions, parseFio } from './fio.js'
import { HackbenchOptions, parseHackbench } from './hackbench.js'
import { HyperfineOptions, parseHyperfine } from './hyperfine.js'
import { JsonlOptions, parseJsonl } from './jsonl.js'
import { PgbenchOptions, parsePgbench } from './pgbench.js'
import { PrometheusOptions, parsePrometheus } from './prometheus.js'
import { RedisBenchmarkOptions, parseRedisBenchmark } from './redis-benchmark.js'
import { SysbenchOptions, parseSysbench } from './sysbench.js'
import { WrkOptions, parseWrk } from './wrk.js'

export const ParserOptions = z.discriminatedUnion('name', [
  AbOptions, CyclictestOptions, FioOptions, HackbenchOptions, HyperfineOptions, JsonlOptions, PgbenchOptions, PrometheusOptions, RedisBenchmarkOptions,
  SysbenchOptions, WrkOptions,
], { error: ({ code }: { readonly code?: string }) => (code === 'invalid_type' ? "must be such as { name: 'jsonl' }" : undefined) })
export type ParserOptions = z.output<typeof ParserOptions>

const CLIENT: readonly TakesEffect[] = ['new sockets', 'new connections']
const SELF_CONTAINED: readonly TakesEffect[] = ['next listen()', 'new sockets', 'new connections', 'next open()', 'new sessions', 'new processes']

/** What a run of each tool makes anew by itself. A client renews its own sockets and its connections; the service that it talks to stays as it was. */
export const FRESH: Readonly<Record<ParserOptions['name'], readonly TakesEffect[]>> = {
  ab: CLIENT,
  cyclictest: SELF_CONTAINED,
  fio: SELF_CONTAINED,
  hackbench: SELF_CONTAINED,
  hyperfine: SELF_CONTAINED,
  jsonl: [],
  pgbench: CLIENT,
  prometheus: [],
  'redis-benchmark': CLIENT,
  sysbench: CLIENT,
  wrk: CLIENT,
}

/** Reads one run's output. Whatever it holds, it is a trial's result or SEMANTOS_E_WORKLOAD. */
export async function parseOutput(output: Output, options: ParserOptions): Promise<TrialDraft> {
  const draft = await parse(output, options)
  const { error } = TrialResult.safeParse(draft)
  if (error) throw unusable(options.name, `its numbers are no measurement: ${z.prettifyError(error)}`, 'See what the run command prints.')
  return draft
}

function parse(output: Output, options: ParserOptions): TrialDraft | Promise<TrialDraft> {
  switch (options.name) {
    case 'ab':
      return parseAb(output, options)
    case 'cyclictest':
      return parseCyclictest(output)
    case 'fio':
      return parseFio(output, options)
    case 'hackbench':
      return parseHackbench(output)
    case 'hyperfine':
      return parseHyperfine(output, options)
    case 'jsonl':
      return parseJsonl(output)
    case 'pgbench':
      return parsePgbench(output, options)
    case 'prometheus':
      return parsePrometheus(output, options)
    case 'redis-benchmark':
      return parseRedisBenchmark(output, options)
    case 'sysbench':
      return parseSysbench(output)
    case 'wrk':
      return parseWrk(output)
  }
}
