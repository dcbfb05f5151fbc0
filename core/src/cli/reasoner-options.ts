import { resolve } from 'node:path'
import type { Command } from 'commander'
import { checkOptions } from '../config/check.js'
import { SemantosError } from '../kernel/errors.js'
import type { CheckedPlugin } from '../kernel/kernel.js'
import type { Plugin } from '../kernel/plugin.js'

/** What the command line says over the config to reasoners that ask a model. */
export interface ReasonerOptions {
  readonly showPrompt?: boolean
  readonly replay?: string
}

export function withReasonerOptions(command: Command): Command {
  return command
    .option('--show-prompt', 'print what a language model would be asked, and ask nobody')
    .option('--replay <folder>', 'take the answers of a language model from a folder of recordings, and ask no server')
}

/**
 * Gives the flags to every reasoner that has options of these names: `show_prompt`, and `replay_dir`, which excludes `record_dir`.
 * So the command line knows no plugin.
 */
export function giveToReasoners(plugins: readonly CheckedPlugin[], { showPrompt = false, replay }: ReasonerOptions): readonly CheckedPlugin[] {
  const shown = showPrompt ? give(plugins, 'show_prompt', { show_prompt: true }, '--show-prompt') : plugins
  return replay === undefined ? shown : give(shown, 'replay_dir', { replay_dir: resolve(replay), record_dir: undefined }, '--replay')
}

function give(plugins: readonly CheckedPlugin[], name: string, options: Readonly<Record<string, unknown>>, flag: string): readonly CheckedPlugin[] {
  if (!plugins.some(({ plugin }) => takes(plugin, name))) {
    throw new SemantosError('SEMANTOS_E_USAGE', {
      message: `no reasoner of this config has an option ${name}`,
      place: flag,
      next: 'Put one that asks a language model into the reasoning slot, such as @semantos/reasoning-llm.',
    })
  }
  return plugins.map((checked) => {
    if (!takes(checked.plugin, name)) return checked
    const known = Object.fromEntries(Object.entries(options).filter(([option]) => takes(checked.plugin, option)))
    return checkOptions(checked.plugin.with(known), flag)
  })
}

function takes({ optionsSchema }: Plugin, option: string): boolean {
  return 'shape' in optionsSchema && typeof optionsSchema.shape === 'object' && optionsSchema.shape !== null && option in optionsSchema.shape
}
