import { type Evidence, formatValue, type Recommendation, type RunReport } from '@semantos/core'

/** The chain from symptom to change, one paragraph a recommendation, how the run ended, and what has become of it `since`. */
export function runInSentences(report: RunReport, since: string | null = null): string {
  const opening = `Run ${report.run} of ${report.time} ${report.workload === null ? 'measured no workload' : `measured ${report.workload}`}.`
  const advice = report.plan.advice.map(({ symptom, text }) => `It noticed: ${stop(symptom)} ${stop(text)}`)
  const paragraphs = report.plan.recommendations.map((recommendation) => paragraph(recommendation, report))
  return `${[opening, ...paragraphs, ...advice, ending(report, since)].join('\n\n')}\n`
}

function paragraph(recommendation: Recommendation, report: RunReport): string {
  const { knob, value, rationale, expected, uncertainty, proposed_by, changed_by } = recommendation
  const reading = report.readings.find((read) => read.knob === knob)
  const from = reading?.status === 'present' ? ` from ${formatValue(reading.value)}` : ''
  const sentences = [
    `${knob}${from} to ${formatValue(value)}, proposed by ${proposed_by}${changed_by.length > 0 ? ` and changed by ${changed_by.join(', ')}` : ''}.`,
    seen(recommendation),
    stop(rationale),
    expectation(expected, uncertainty),
    leantOn(recommendation, report.evidence),
    becameOf(recommendation, report),
  ]
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

/** What is tried without a symptom expects nothing. */
function expectation({ metric, change_pct: changePct }: Recommendation['expected'], uncertainty: number): string {
  if (changePct === 0) return `Its uncertainty was ${uncertainty}.`
  return `It expected ${metric} to ${changePct < 0 ? 'fall' : 'rise'} by ${Math.abs(changePct)}%, with an uncertainty of ${uncertainty}.`
}

/** The telemetry behind it. */
export function seen({ cues }: Recommendation): string {
  return cues.length === 0 ? '' : `Telemetry showed ${cues.map(({ metric, value, because }) => `${metric} = ${Number(value.toPrecision(4))} (${because})`).join(', ')}.`
}

/** Rules, relations, past runs and documents that it cites, with what the evidence knows of them. */
export function leantOn({ rules, edges, traces, documents }: Recommendation, evidence: Evidence): string {
  const titles = documents.map((id) => evidence.documents.find((document) => document.id === id)?.title ?? id)
  const outcomes = traces.map((id) => {
    const trace = evidence.traces.find((past) => past.id === id)
    return trace ? `${id} (${trace.verdict}${trace.improvement_pct === null ? '' : `, ${trace.improvement_pct.toFixed(1)}%`})` : id
  })
  const parts = [
    ...(rules.length > 0 ? [`rule ${rules.join(', ')}`] : []),
    ...(edges.length > 0 ? [`the relation ${edges.map((id) => relation(id, evidence)).join(', ')}`] : []),
    ...(outcomes.length > 0 ? [`past run ${outcomes.join(', ')}`] : []),
    ...(titles.length > 0 ? [`the note ${titles.map((title) => `"${title}"`).join(', ')}`] : []),
  ]
  return parts.length === 0 ? '' : `It leant on ${parts.join('; ')}.`
}

/** `from kind to` in words, and where it is known from. */
function relation(id: string, { edges }: Evidence): string {
  const known = edges.find(({ from, kind, to }) => `${from} ${kind} ${to}` === id)
  const words = id.split(' ').map((word, place) => (place === 1 ? word.replaceAll('_', ' ') : word)).join(' ')
  return known ? `${words} (${known.source})` : words
}

function becameOf({ knob }: Recommendation, { verdict, changes, steps, undone, outcome }: RunReport): string {
  const against = verdict.violations.filter((violation) => violation.knob === knob)
  if (against.length > 0) return `The guards refused it: ${against.map(({ message }) => message).join('; ')}.`
  if (!verdict.allowed) return 'It was not applied, because the guards refused another part of the plan.'
  if (!changes.some((change) => change.knob === knob)) return 'Nothing was changed: it stood so already, or this host does not have it.'
  const step = steps.find(({ applied }) => applied.some((change) => change.knob === knob))
  if (!step) return outcome === 'dry run' ? 'Nothing was applied: the run only said what it would do.' : 'It was not applied.'
  const stored = step.applied.find((change) => change.knob === knob)
  const judged = step.judgement.reasons.length > 0 ? ` (${step.judgement.reasons.join('; ')})` : ''
  const back = undone.find((change) => change.knob === knob)
  return `It was applied, and the kernel stored ${stored ? formatValue(stored.stored) : 'it'}; monitoring said ${step.judgement.decision}${judged}.${back ? ` It was taken back: ${back.outcome}${back.detail === '' ? '' : `, ${back.detail}`}.` : ''}`
}

function ending({ outcome, evaluation, verdict }: RunReport, since: string | null): string {
  const refused = verdict.violations.filter(({ knob }) => knob === null).map(({ message }) => message)
  return [`The run ended: ${outcome}.`, ...refused.map(stop), evaluation.verdict === 'not measured' ? '' : `Measured: ${stop(evaluation.words)}`, since ?? ''].filter((part) => part !== '').join(' ')
}

export function stop(text: string): string {
  const trimmed = text.trim()
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
