import { formatValue, type PlanFile } from '@semantos/core'
import { table } from './terminal.js'

/** What a person approves: each change with its risk, when it takes effect and whether it outlives a reboot. */
export function renderChanges({ changes }: PlanFile): string {
  const rows = changes.map(({ knob, from, to, risk, takes_effect: effect, survives_reboot: lasts }) => [knob, `${formatValue(from)} -> ${formatValue(to)}`, risk, effect, lasts])
  return table([['change', '', 'risk', 'takes effect', 'survives a reboot'], ...rows])
}
