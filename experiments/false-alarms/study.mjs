import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sandbox from '@semantos/applier-sandbox'
import { definePlugin, z } from '@semantos/core'
import { TrialLog, measureAndTry as tune, TUNE_DEFAULTS } from '@semantos/engine'
import bounds from '@semantos/guardrails-bounds'
import catalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import telemetry from '@semantos/telemetry-synthetic'
import workload from '@semantos/workload-synthetic'

/** Knobs that the synthetic host does not contain: whatever they are set to, a tune compares the host with itself. */
const DUDS = [
  ['vm.vfs_cache_pressure', 50], ['vm.page-cluster', 0], ['vm.watermark_scale_factor', 80], ['vm.stat_interval', 10],
  ['net.core.netdev_budget', 600], ['net.core.optmem_max', 65_536], ['net.ipv4.tcp_fin_timeout', 30], ['net.ipv4.tcp_max_syn_backlog', 8192],
]

/** On this host p95 falls by a tenth when the knob goes from its default, 60, to 10; no other value does better. */
export const PLANTED = { knob: 'vm.swappiness', value: 10, host: { memory_overcommit_pct: 15.4 } }

/** In memory where there is such a folder: what is counted here are decisions, not milliseconds. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** The default, and what a tune has whose trials are long: below 30 fewer of them go into the noise, and candidates are rather compared in sum. */
export const BUDGETS = [TUNE_DEFAULTS.budget.trials, 25]

/** Tunes of the synthetic host with its usual noise, eight candidates, so many trials and else the default settings: how many keep what. */
export async function study(tunes, budget, planted) {
  const counts = { tunes, kept_anything: 0, kept_planted: 0, kept_other: 0, trials: 0, sd_logs: [], verdicts: {}, planted_not_kept_because: {} }
  for (let seed = 1; seed <= tunes; seed++) {
    const { kept, trials, noise, comparisons, skipped } = await tuneOnce(seed, budget, planted)
    const found = kept.some(({ knob }) => knob === PLANTED.knob)
    counts.trials += trials.length
    counts.sd_logs.push(noise.sd_log)
    if (kept.length > 0) counts.kept_anything++
    if (found) counts.kept_planted++
    if (kept.some(({ knob }) => knob !== PLANTED.knob)) counts.kept_other++
    for (const { verdict } of comparisons) count(counts.verdicts, verdict)
    if (planted && !found) count(counts.planted_not_kept_because, whyNot([...comparisons, ...skipped]))
  }
  return counts
}

/** The planted effect, without noise: p95 after over p95 before. */
export async function plantedRatio() {
  const kit = await mount([workload({ ...PLANTED.host, requests: 200_000, traffic_variation_pct: 0 })])
  const p95 = async (knobs) => (await kit.kernel.hooks.measure.run({ arm: 'baseline', index: 1, renew: [], knobs: new Map(knobs) }, kit.cycle)).latency.p95_ms
  const ratio = (await p95([[PLANTED.knob, PLANTED.value]])) / (await p95([]))
  await kit.kernel.dispose()
  return ratio
}

async function tuneOnce(seed, budget, planted) {
  const wanted = planted ? [...DUDS.slice(1), [PLANTED.knob, PLANTED.value]] : DUDS
  const base = mkdtempSync(join(SCRATCH, 'semantos-false-alarms-'))
  const log = new TrialLog(join(base, 'trials.jsonl'))
  const kit = await mount([telemetry(), catalogue(), proposing(wanted)(), bounds(), sandbox(), workload(planted ? PLANTED.host : {})], { seed, paths: { base } })
  try {
    const { report } = await tune(kit.kernel, { ...TUNE_DEFAULTS, run: 'study', seed, budget: { ...TUNE_DEFAULTS.budget, trials: budget }, slo: kit.cycle.slo, knobs: wanted.map(([knob]) => knob), settleMs: 0, apply: true }, log)
    return report
  } finally {
    await kit.kernel.dispose()
    log.close()
    rmSync(base, { recursive: true, force: true })
  }
}

function proposing(wanted) {
  return definePlugin({
    name: 'proposing', stage: 'reasoning', api: 1, options: z.strictObject({}),
    setup: ({ hooks }) => hooks.reason.tapPromise('propose', () => ({
      recommendations: wanted.map(([knob, value]) => ({ knob, value, rationale: 'to be tried', expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.3 })),
    })),
  })
}

function whyNot(considered) {
  const { verdict, reason } = considered.find(({ settings }) => settings.some(({ knob }) => knob === PLANTED.knob)) ?? {}
  return verdict === undefined ? reason : `compared: ${verdict}`
}

function count(counts, key) {
  counts[key] = (counts[key] ?? 0) + 1
}
