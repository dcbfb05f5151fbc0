import { formatValue, type PlanFile } from '@semantos/core'
import { table } from './terminal.js'

/** What somebody agrees to: each change with its risk, when it takes effect and whether it outlives a restart. */
export function renderChanges({ changes }: PlanFile): string {
  const rows = changes.map(({ knob, from, to, risk, takes_effect: effect, survives_reboot: lasts }) => [knob, `${formatValue(from)} -> ${formatValue(to)}`, risk, effect, lasts])
  return table([['change', '', 'risk', 'takes effect', 'survives a restart'], ...rows])
}
