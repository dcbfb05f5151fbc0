import type { HookName } from './hooks.js'

/**
 * The stage slots: how many plugins each takes, and which hooks a plugin of that stage may tap.
 * `chain` slots run in the order in which the config lists them.
 */
export const STAGES = {
  telemetry: { takes: 'many', required: true, hooks: ['collect', 'watch'] },
  knowledge: { takes: 'many', required: true, hooks: ['configure', 'retrieve', 'learn'] },
  reasoning: { takes: 'chain', required: true, hooks: ['reason'] },
  guardrails: { takes: 'many', required: true, hooks: ['guard'] },
  rollout: { takes: 'one', required: true, hooks: ['schedule'] },
  applier: { takes: 'chain', required: true, hooks: ['read', 'apply', 'undo', 'persist'] },
  monitoring: { takes: 'many', required: true, hooks: ['observe', 'judge'] },
  workload: { takes: 'one', required: false, hooks: ['measure'] },
  evaluation: { takes: 'one', required: true, hooks: ['trial', 'evaluate'] },
  report: { takes: 'many', required: false, hooks: ['trial', 'report', 'tuned'] },
} as const satisfies Record<string, { takes: 'one' | 'chain' | 'many'; required: boolean; hooks: readonly HookName[] }>

/** The name of a slot in the config. */
export type Stage = keyof typeof STAGES
/** A plugin of stage `any` stands under `plugins` and may tap every hook. */
export type PluginStage = Stage | 'any'

/** Hooks that every plugin may tap. */
export const LIFECYCLE = ['start', 'explain', 'fault', 'dispose'] as const satisfies readonly HookName[]

/** The slots in the order of a cycle. */
export const STAGE_NAMES: readonly Stage[] = [
  'telemetry', 'knowledge', 'reasoning', 'guardrails', 'rollout', 'applier', 'monitoring', 'workload', 'evaluation', 'report',
]
