import type { PluginStage } from '@semantos/core'

interface StageText {
  /** What a plugin of the stage does, for the one who chooses. */
  readonly does: string
  /** The plugin in a config: its slot, beside or instead of what the preset has there. */
  readonly inConfig: string
}

/** `chain` slots run in order; where the preset's plugins would come to the same thing first, the new one stands before them. */
export const STAGES: Readonly<Record<PluginStage, StageText>> = {
  telemetry: { does: 'measures the host', inConfig: 'telemetry: [preset.telemetry, plugin()].flat()' },
  knowledge: { does: 'knows knobs, relations, past runs, notes', inConfig: 'knowledge: [preset.knowledge, plugin()].flat()' },
  reasoning: { does: 'recommends values, or revises what others recommend', inConfig: 'reasoning: [preset.reasoning, plugin()].flat()' },
  guardrails: { does: 'stops a plan', inConfig: 'guardrails: [preset.guardrails, plugin()].flat()' },
  rollout: { does: 'cuts a plan into steps', inConfig: 'rollout: plugin()' },
  applier: { does: 'reads, writes and takes back values', inConfig: 'applier: [plugin(), preset.applier].flat()' },
  monitoring: { does: 'watches a step, and takes it back', inConfig: 'monitoring: [preset.monitoring, plugin()].flat()' },
  workload: { does: 'measures the service, one trial at a time', inConfig: 'workload: plugin()' },
  evaluation: { does: 'says whether it helped', inConfig: 'evaluation: plugin()' },
  report: { does: 'writes down what happened', inConfig: 'report: [preset.report, plugin()].flat()' },
  any: { does: 'taps any hook, beside the stages', inConfig: 'plugins: [plugin()]' },
}

export const STAGE_NAMES = Object.keys(STAGES)

export function isStage(name: string): name is PluginStage {
  return Object.hasOwn(STAGES, name)
}
