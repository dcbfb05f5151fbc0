import { formatValue, type TuneReport } from '@semantos/core'
import { leantOn, seen, stop } from './run-in-sentences.js'

/** What a tune tried and why, what came of each, what was kept, and what has become of it `since`. */
export function tuneInSentences({ run, started, goal, workload, plan, comparisons, skipped, kept, outcome, heal, trials }: TuneReport, since: string | null = null): string {
  // The report of a tune keeps no evidence: what was cited is named by its id.
  const because = new Map(plan.recommendations.map((one) => [one.knob, [seen(one), stop(one.rationale), leantOn(one, { edges: [], traces: [], documents: [] })]]))
  const tried = comparisons.map(({ candidate, settings, words, blocks, verdict, kept: wasKept }) => {
    const reasons = new Set(settings.flatMap(({ knob }) => because.get(knob) ?? []).filter((sentence) => sentence !== ''))
    return [`It compared ${candidate} with what stood before, in ${blocks} blocks.`, ...reasons, stop(`The verdict was "${verdict}": ${words}`), wasKept ? 'It was kept.' : 'It was not kept.'].join(' ')
  })
  return `${[
    `Tune ${run} of ${started} worked on ${goal} of ${workload.name}, in ${trials.length} trials.`,
    ...tried,
    ...(skipped.length > 0 ? [`Not compared: ${skipped.map(({ candidate, reason }) => `${candidate} (${reason})`).join('; ')}.`] : []),
    ...plan.advice.map(({ symptom, text }) => `It noticed: ${stop(symptom)} ${stop(text)}`),
    `The tune ended: ${outcome}${kept.length > 0 ? `, with ${kept.map(({ knob, value }) => `${knob} = ${formatValue(value)}`).join(', ')}` : ''}.${heal === null ? '' : ` Heal check: ${stop(heal.words)}`}${since === null ? '' : ` ${since}`}`,
  ].join('\n\n')}\n`
}
