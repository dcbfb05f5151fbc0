import type { Advice, Snapshot } from '@semantos/core'
import type { Scene } from './scene.js'
import type { Symptom } from './symptom.js'

const MOST_NAMES = 40

/**
 * Which rules could not be asked because nobody measured what they need. The kit says so of each metric; for the evidence,
 * which looks at a hundred metrics, only those count that no telemetry plugin has declared missing on this host.
 */
export function unmeasured(symptoms: readonly Symptom[], scene: Scene, { missing }: Snapshot): Advice[] {
  const reasons = new Map(missing.map(({ name, reason }) => [name, reason]))
  const knobsOf = new Map<string, Set<string>>()
  const unexplained = new Set<string>()
  for (const symptom of symptoms) {
    if (symptom.each !== undefined) continue
    for (const metric of symptom.when.missing(scene)) {
      if (symptom.set === 'kit') knobsOf.set(metric, new Set([...(knobsOf.get(metric) ?? []), ...knobs(symptom)]))
      else if (!reasons.has(metric)) unexplained.add(metric)
    }
  }
  const ofKit = [...knobsOf].map(([metric, names]): Advice => ({
    symptom: `${metric} is not measured`,
    text: `Nothing is recommended for ${[...names].join(', ')}: the rules need ${metric}. ${reasons.get(metric) ?? 'No telemetry plugin reports it.'}`,
    cues: [],
  }))
  return unexplained.size > 0 ? [...ofKit, notAsked([...unexplained].sort())] : ofKit
}

function knobs({ remedies }: Symptom): string[] {
  return remedies.flatMap(({ changes }) => changes.map(({ knob }) => knob))
}

function notAsked(metrics: readonly string[]): Advice {
  const rest = metrics.length > MOST_NAMES ? ` and ${metrics.length - MOST_NAMES} more` : ''
  return {
    symptom: 'Some rules could not be asked',
    text: `No telemetry plugin reports what they look at: ${metrics.slice(0, MOST_NAMES).join(', ')}${rest}.`,
    cues: [],
  }
}
