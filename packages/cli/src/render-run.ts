import { formatValue, type Reading, type Recommendation, type RunReport, sameValue, type Snapshot } from '@semantos/core'
import { colours, table } from './terminal.js'

/** A run on one screen: what was seen, what would change and why, what the guards said, what came of it. */
export function renderRun(report: RunReport): string {
  const parts = [renderPlan(report), renderGuards(report), renderRollout(report), renderEvaluation(report)]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

export function renderPlan({ plan, readings, verdict, changes, snapshot }: RunReport): string {
  const { dim, yellow } = colours(process.stdout)
  const standing = new Map(readings.map((reading) => [reading.knob, reading]))
  const violated = new Set(verdict.violations.map(({ knob }) => knob))
  const changing = new Set(changes.map(({ knob }) => knob))
  const severalReason = new Set(plan.recommendations.map((recommendation) => recommendation.proposed_by)).size > 1
  const rows = plan.recommendations.map((recommendation) => {
    const reading = standing.get(recommendation.knob)
    const now = reading?.status === 'present' ? formatValue(reading.value) : '-'
    const mark = violated.has(recommendation.knob) ? yellow('refused') : changing.has(recommendation.knob) ? '' : standingOf(recommendation, reading)
    const because = severalReason ? `${cuesOf(recommendation)} (${recommendation.proposed_by})` : cuesOf(recommendation)
    return [recommendation.knob, now, '->', formatValue(recommendation.value), mark, dim(because)]
  })
  const lacking = readings.flatMap((reading) => {
    if (reading.status === 'present') return []
    const successor = reading.status === 'unavailable' && reading.successor !== null ? `; its successor is ${reading.successor}` : ''
    return [`  ${reading.knob}: ${reading.reason}${successor}`]
  })
  const advice = plan.advice.map(({ symptom, text }) => `  ${symptom}: ${text}`)
  return [
    rows.length === 0 ? 'nothing to change: no reasoner recommends anything on what was seen' : table([['knob', 'now', '', 'plan', '', dim('because')], ...rows]),
    ...(lacking.length > 0 ? ['not on this host:', ...lacking] : []),
    ...(advice.length > 0 ? ['advice:', ...advice] : []),
    ...(snapshot.missing.length > 0 ? ['not measured:', ...notMeasured(snapshot)] : []),
  ].join('\n')
}

/** Why a recommendation changes nothing. Of a plan that is refused, what no guard objects to is held back with the rest. */
function standingOf({ value }: Recommendation, reading: Reading | undefined): string {
  if (reading?.status !== 'present') return reading?.status ?? 'unclaimed'
  if (sameValue(reading.value, value)) return 'is so'
  return reading.writable ? 'held back' : 'read-only'
}

/** A line for each reason. */
function notMeasured({ missing }: Snapshot): string[] {
  const reasons = [...new Set(missing.map(({ reason }) => reason))]
  return reasons.map((reason) => {
    const [first = '', ...more] = missing.filter((one) => one.reason === reason).map(({ name }) => name)
    return `  ${first}${more.length > 0 ? ` and ${more.length} more` : ''}: ${reason}`
  })
}

function cuesOf({ cues, rationale }: Recommendation): string {
  return cues.length > 0 ? cues.map(({ metric, value, because }) => `${metric} ${Number(value.toPrecision(4))}: ${because}`).join('; ') : rationale
}

export function renderGuards({ verdict }: RunReport): string {
  const { red } = colours(process.stdout)
  if (verdict.allowed) return `guards: ${verdict.guards.join(', ')}: allowed`
  const lines = verdict.violations.map(({ guard, rule, message, fix }) => `  ${red(rule)} (${guard}): ${message}; ${fix}`)
  return ['guards: refused, nothing was applied', ...lines].join('\n')
}

function renderRollout({ plan, steps, undone, outcome }: RunReport): string {
  if (outcome === 'dry run') return `dry run: nothing was changed; ${steps.length} step${steps.length === 1 ? '' : 's'} would follow (--apply makes them)`
  if (outcome === 'nothing to do' && plan.recommendations.length > 0) return 'nothing to change: every value is so already, or this host does not have it'
  const lines = steps.map(({ step, judgement }, index) => `step ${index + 1}: ${step.knobs.join(', ')}: ${judgement.decision} (${judgement.reasons.join('; ')})`)
  if (undone.length > 0) lines.push(`taken back: ${undone.map(({ knob, outcome: how }) => (how === 'restored' ? knob : `${knob} (${how})`)).join(', ')}`)
  return lines.join('\n')
}

/** Beside values of a real kernel, whose numbers these are: a workload may be a model of a host. */
function renderEvaluation({ evaluation, outcome, readings, changes, workload }: RunReport): string {
  const { bold } = colours(process.stdout)
  if (outcome !== 'applied' && outcome !== 'rolled back') return ''
  const live = readings.some((reading) => reading.status === 'present' && reading.live && changes.some(({ knob }) => knob === reading.knob))
  return `${bold(evaluation.verdict)}: ${evaluation.words}${live && workload !== null ? `; measured by ${workload}` : ''}`
}
