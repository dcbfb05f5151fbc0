import { resolve } from 'node:path'
import { isPlugin, type Plugin, SemantosError } from '@semantos/core'
import type { CheckedPlugin } from '@semantos/core/kernel'
import { checkOptions } from './check.js'

/** What a caller says over the config to reasoners that ask a model. */
export interface ReasonerOverrides {
  /** Print what a language model would be asked, and ask none. */
  readonly showPrompt?: boolean
  /** A folder of recorded answers, in place of a server. */
  readonly replay?: string
}

/**
 * Gives the flags to every reasoner that has options of these names: `show_prompt`, and `replay_dir`, which excludes `record_dir`.
 * So the command line knows no plugin. Reasoners that stand in the options of another, such as an ensemble, get them too.
 */
export function giveToReasoners(plugins: readonly CheckedPlugin[], { showPrompt = false, replay }: ReasonerOverrides): readonly CheckedPlugin[] {
  const shown = showPrompt ? give(plugins, 'show_prompt', { show_prompt: true }, '--show-prompt') : plugins
  return replay === undefined ? shown : give(shown, 'replay_dir', { replay_dir: resolve(replay), record_dir: undefined }, '--replay')
}

function give(plugins: readonly CheckedPlugin[], name: string, options: Readonly<Record<string, unknown>>, flag: string): readonly CheckedPlugin[] {
  const given = plugins.map((checked) => {
    const plugin = withGiven(checked.plugin, name, options)
    return plugin === checked.plugin ? checked : checkOptions(plugin, flag)
  })
  if (given.every((checked, index) => checked === plugins[index])) {
    throw new SemantosError('SEMANTOS_E_USAGE', {
      message: `no reasoner of this config has an option ${name}`,
      place: flag,
      next: 'Put one that asks a language model into the reasoning slot, such as @semantos/reasoning-llm.',
    })
  }
  return given
}

/** The same plugin where neither it nor one in its options has an option of this name. */
function withGiven(plugin: Plugin, name: string, options: Readonly<Record<string, unknown>>): Plugin {
  const own = takes(plugin, name) ? Object.entries(options).filter(([option]) => takes(plugin, option)) : []
  const inside = Object.entries(plugin.written ?? {}).flatMap(([option, value]: [string, unknown]) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : []
    const given = list.map((entry) => (isPlugin(entry) ? withGiven(entry, name, options) : entry))
    return given.every((entry, index) => entry === list[index]) ? [] : [[option, given] as const]
  })
  return own.length + inside.length === 0 ? plugin : plugin.with(Object.fromEntries([...own, ...inside]))
}

function takes({ optionsSchema }: Plugin, option: string): boolean {
  return 'shape' in optionsSchema && typeof optionsSchema.shape === 'object' && optionsSchema.shape !== null && option in optionsSchema.shape
}
