import { formatValue, type Setting } from '@semantos/core'

/** `vm.swappiness = 10, vm.dirty_ratio = 20`. */
export function settingsText(settings: readonly Setting[]): string {
  return settings.map(({ knob, value }) => `${knob} = ${formatValue(value)}`).join(', ')
}
