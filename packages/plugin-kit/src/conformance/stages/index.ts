import type { PluginStage } from '@semantos/core'
import type { Check } from '../check.js'
import { any } from './any.js'
import { applier } from './applier.js'
import { evaluation } from './evaluation.js'
import { guardrails } from './guardrails.js'
import { knowledge } from './knowledge.js'
import { monitoring } from './monitoring.js'
import { reasoning } from './reasoning.js'
import { report } from './report.js'
import { rollout } from './rollout.js'
import { telemetry } from './telemetry.js'
import { workload } from './workload.js'

/** What each stage must bear, and what its answers must hold to beyond their schema. */
export const STAGE_CHECKS: Readonly<Record<PluginStage, readonly Check[]>> = { telemetry, knowledge, reasoning, guardrails, rollout, applier, monitoring, workload, evaluation, report, any }
