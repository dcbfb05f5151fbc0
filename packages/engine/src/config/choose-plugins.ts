import { SemantosError } from '@semantos/core'
import type { CheckedPlugin } from '@semantos/core/kernel'
import type { ResolvedConfig } from './load.js'
import { type ReasonerOverrides, giveToReasoners } from './reasoner-overrides.js'

/** What a caller chooses among the plugins of the config. */
export interface Choice extends ReasonerOverrides {
  /** Only these appliers, such as `sysctl,sysfs`. */
  readonly applier?: string
}

/** The same config with the plugins that were chosen. */
export function choosePlugins(config: ResolvedConfig, choice: Choice): ResolvedConfig {
  const slots = new Map([...config.slots].map(([slot, plugins]) => {
    if (slot === 'reasoning') return [slot, giveToReasoners(plugins, choice)]
    return [slot, slot === 'applier' && choice.applier !== undefined ? chosenAppliers(plugins, choice.applier) : plugins]
  }))
  return { ...config, slots }
}

/** The plugins of a config, in its order. */
export function pluginsOf({ slots }: ResolvedConfig): readonly CheckedPlugin[] {
  return [...slots.values()].flat()
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
