import type { ResolvedConfig } from '@semantos/engine'
import { SemantosError } from '@semantos/core'
import type { CheckedPlugin } from '@semantos/core/kernel'
import { type ReasonerOptions, giveToReasoners } from './reasoner-options.js'

/** What the command line chooses among the plugins of the config. */
export interface Choice extends ReasonerOptions {
  readonly applier?: string
}

/** The plugins of a run, in the order of the config. */
export function chosenPlugins(config: ResolvedConfig, choice: Choice): CheckedPlugin[] {
  return [...config.slots].flatMap(([slot, plugins]) => {
    if (slot === 'reasoning') return giveToReasoners(plugins, choice)
    return slot === 'applier' && choice.applier !== undefined ? chosenAppliers(plugins, choice.applier) : plugins
  })
}

/** `--applier sysctl,sysfs`: by package name or by what stands behind its last `applier-`. */
function chosenAppliers(plugins: readonly CheckedPlugin[], names: string): CheckedPlugin[] {
  return names.split(',').map((name) => {
    const found = plugins.find(({ plugin }) => plugin.id === name || plugin.name.endsWith(`/applier-${name}`) || plugin.name.endsWith(`-applier-${name}`))
    if (found) return found
    const known = plugins.map(({ plugin }) => plugin.name.replace(/^.*applier-/, '')).join(', ')
    throw new SemantosError('SEMANTOS_E_USAGE', { message: `the config has no applier called '${name}'`, place: '--applier', next: `Use one of ${known}.` })
  })
}

/** A sandbox, or whatever else is no kernel, needs no root, no journal and nobody who watches. */
export function changesKernel(plugins: readonly CheckedPlugin[]): boolean {
  return plugins.some(({ plugin }) => plugin.stage === 'applier' && plugin.live)
}
