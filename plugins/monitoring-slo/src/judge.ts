import { type Judgement, metricValue, type StepView } from '@semantos/core'
import { median } from '@semantos/stats'
import type { Options } from './options.js'
import { type Samples, errorPcts, p95sMs, throughputs } from './samples.js'

/** One thing that speaks for a decision, with the measurements in words. */
interface Finding {
  readonly decision: Judgement['decision']
  readonly reason: string
}

const SEVERITY: readonly Judgement['decision'][] = ['promote', 'hold', 'roll back']

/**
 * The gravest finding decides, and an earlier judge's decision is never made milder. Where the evidence is not enough,
 * the step is held for another look, `max_looks` times at most; what is undecided then is taken back.
 */
export function judge(previous: Judgement, step: StepView, options: Options): Judgement {
  const findings = [latency(step, options), ...throughput(step, options), ...errors(step, options), ...guards(step, options)]
  if (worst(findings) === 'hold' && step.look + 1 >= options.max_looks) {
    findings.push({ decision: 'roll back', reason: `still undecided after ${options.max_looks} looks` })
  }
  return {
    decision: worst([{ decision: previous.decision }, ...findings]),
    reasons: [...previous.reasons, ...findings.map(({ reason }) => reason)],
  }
}

function worst(findings: readonly Pick<Finding, 'decision'>[]): Judgement['decision'] {
  const gravest = Math.max(...findings.map(({ decision }) => SEVERITY.indexOf(decision)))
  return SEVERITY[gravest] ?? 'roll back'
}

function latency(step: StepView, { tolerance_pct: tolerance, min_trials: enough }: Options): Finding {
  const samples = p95sMs(step)
  const { before, after } = samples
  if (before.length === 0) return { decision: 'promote', reason: 'no p95 was measured before the step, so none can be compared' }
  const from = median(before)
  if (after.length === 0) return { decision: 'hold', reason: `p95 was ${show(from)} ms before and cannot be measured now` }
  const to = median(after)
  const slo = step.slo.p95_ms
  const broken = from <= slo && to > slo
  const changePct = percentChange(from, to)
  const words = `p95 ${show(to)} ms, before ${show(from)} ms (${inWords(changePct)}; ${counts(samples)}), ${sloInWords(from, to, slo)}`
  if (!broken && changePct <= tolerance) return { decision: 'promote', reason: words }
  const beyond = to > Math.max(...before)
  if (beyond && (broken || Math.min(before.length, after.length) >= enough)) {
    return { decision: 'roll back', reason: `${words}; worse than every measurement before, which went up to ${show(Math.max(...before))} ms` }
  }
  return { decision: 'hold', reason: `${words}; that may be noise` }
}

function* throughput(step: StepView, { max_throughput_drop_pct: most }: Options): Iterable<Finding> {
  const samples = throughputs(step)
  if (samples.before.length === 0 || samples.after.length === 0) return
  const [from, to] = [median(samples.before), median(samples.after)]
  const dropPct = -percentChange(from, to)
  if (dropPct <= most || to >= Math.min(...samples.before)) return
  const drop = `${show(dropPct)}% less, and ${most}% is allowed`
  yield { decision: 'roll back', reason: `throughput ${show(to)} a second, before ${show(from)} (${drop}; ${counts(samples)})` }
}

function* errors(step: StepView, { max_error_rise_pct: most }: Options): Iterable<Finding> {
  const samples = errorPcts(step)
  if (samples.before.length === 0 || samples.after.length === 0) return
  const [from, to] = [median(samples.before), median(samples.after)]
  if (to - from <= most || to <= Math.max(...samples.before)) return
  yield { decision: 'roll back', reason: `${show(to)}% of requests fail, before ${show(from)}% (${counts(samples)})` }
}

function* guards({ before, after }: StepView, { guard_metrics: limits }: Options): Iterable<Finding> {
  for (const [name, most] of Object.entries(limits)) {
    const from = metricValue(before.snapshot, name)
    const to = metricValue(after.snapshot, name)
    if (from === undefined || to === undefined || to - from <= most) continue
    yield { decision: 'roll back', reason: `${name} rose from ${show(from)} to ${show(to)}, and a rise of ${most} is allowed` }
  }
}

function percentChange(from: number, to: number): number {
  if (from === to) return 0
  return from === 0 ? Number.POSITIVE_INFINITY : (100 * (to - from)) / from
}

function inWords(changePct: number): string {
  if (changePct === 0) return 'unchanged'
  return `${Number(Math.abs(changePct).toPrecision(2))}% ${changePct > 0 ? 'worse' : 'better'}`
}

function sloInWords(from: number, to: number, slo: number): string {
  if (to <= slo) return `the objective of ${slo} ms is kept`
  return from <= slo ? `the objective of ${slo} ms was kept and is broken` : `the objective of ${slo} ms is missed as before`
}

function counts({ before, after }: Samples): string {
  return `${after.length} against ${before.length} ${before.length === 1 ? 'measurement' : 'measurements'}`
}

function show(number: number): string {
  return String(Number(number.toPrecision(4)))
}
