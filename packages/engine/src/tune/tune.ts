import { readKnobs } from '../cycle/knobs.js'
import { type Cycle, isSemantosError, type TuneReport } from '@semantos/core'
import type { Kernel, KernelRun } from '@semantos/core/kernel'
import { beginningOf } from './fingerprint.js'
import { Bench } from './bench.js'
import { refuseSandbox } from '../cycle/refuse-sandbox.js'
import { reportOf } from './report.js'
import type { TuneSettings } from './settings.js'
import type { TrialLog } from './trial-log.js'
import { Tuning } from './tuning.js'

/** A tune that has ended. Nothing stands any more until it is kept. */
export interface Tuned {
  readonly report: TuneReport
  /** Makes what was found to help stand again. */
  keep(this: void): Promise<void>
}

/** Measures, proposes, tries, keeps what is proven to help, and takes back the rest. */
export async function tune(kernel: Kernel, settings: TuneSettings, log: TrialLog, run: KernelRun = kernel.begin()): Promise<Tuned> {
  const cycle: Cycle = { ...run.context(), run: settings.run, seed: settings.seed, slo: settings.slo, catalogue: kernel.catalogue }
  await kernel.hooks.start.run({ planning: !settings.apply }, cycle)
  const scope = kernel.catalogue.matching(settings.knobs)
  const state = await readKnobs(kernel, cycle, scope)
  refuseSandbox(kernel.plugins, state, settings.config)
  log.begin(beginningOf(kernel, settings, state))
  const bench = new Bench(kernel, cycle, settings, scope, state, log)
  const tuning = new Tuning(bench)
  const started = cycle.now()
  const usage = process.cpuUsage()
  const from = performance.now()
  try {
    await tuning.run()
  } catch (error) {
    run.clearAbort()
    await bench.backToBaseline()
    if (bench.foreign.length > 0) tuning.lostBaseline()
    else if (isSemantosError(error) && error.code === 'SEMANTOS_E_ABORTED') tuning.outcome = 'interrupted'
    else throw error
  }
  const { user, system } = process.cpuUsage(usage)
  const ran = Math.max(1, bench.trials.length - log.recorded)
  const report = reportOf(bench, tuning, started, {
    trial_cpu_pct: (100 * (bench.spent.trialCpuMs + bench.spent.helpersCpuMs)) / Math.max(1, bench.spent.trialsMs),
    cpu_pct: (user + system) / 10 / (performance.now() - from),
    memory_mb: process.memoryUsage.rss() / 1e6 + bench.spent.helpersMemoryMb,
    helpers: { names: [...bench.spent.helpers].sort(), trial_cpu_pct: (100 * bench.spent.helpersCpuMs) / Math.max(1, bench.spent.trialsMs), memory_mb: bench.spent.helpersMemoryMb },
    bookkeeping_ms_per_trial: bench.spent.bookkeepingMs / ran,
    changing_ms_per_trial: bench.spent.changingMs / ran,
  })
  return { report, keep: () => bench.stand(tuning.incumbent) }
}
