import { type CANCEL_SYMBOL, cancel, intro, isCancel, select, text } from '@clack/prompts'
import { type PluginStage, SemantosError } from '@semantos/core'
import type { NewPlugin } from '../files.js'
import { whyNoName } from '../name.js'
import { STAGES, STAGE_NAMES, isStage } from '../stages.js'

/** Asks for what the flags left open. */
export async function ask({ stage, name }: Partial<NewPlugin>): Promise<NewPlugin> {
  intro('A new SemantOS plugin')
  const chosen = stage ?? (await askStage())
  return { stage: chosen, name: name ?? (await askName(chosen)) }
}

async function askStage(): Promise<PluginStage> {
  const options = STAGE_NAMES.filter(isStage).map((value) => ({ value, hint: STAGES[value].does }))
  return answered(await select({ message: 'Which stage?', options, maxItems: options.length }))
}

async function askName(stage: PluginStage): Promise<string> {
  const suggestion = stage === 'any' ? 'semantos-mine' : `semantos-${stage}-mine`
  return answered(await text({ message: 'The name of its package?', placeholder: suggestion, defaultValue: suggestion, validate: (name) => (name ? (whyNoName(name) ?? undefined) : undefined) }))
}

function answered<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (!isCancel(answer)) return answer
  cancel('Nothing was made.')
  throw new SemantosError('SEMANTOS_E_ABORTED', { message: 'cancelled', next: 'Run it again.' })
}
