import { DIALECT } from './tuned-dialect.js'
import type { Unit } from './tuned-profile.js'
import type { Machine } from './tuned-variables.js'

/** A unit whose options count, or the reason why all of them are left out. */
export interface InForce {
  readonly unit: Unit
  readonly reason: string | null
}

/**
 * The units that hold on this machine, in an order in which the last word on a knob is tuned's. Units of one plugin share out
 * the devices, and the first that matches a device has it: so those come in reverse.
 */
export function inForce(units: readonly Unit[], machine: Machine): InForce[] {
  const holding = units.filter(({ enabled }) => enabled).flatMap((unit): InForce[] => {
    const holds = holdsOn(unit, machine)
    return holds === false ? [] : [{ unit, reason: holds === true ? null : holds }]
  })
  const shared = holding.map((one, index): InForce => {
    const first = holding.slice(0, index).find((earlier) => earlier.reason === null && takesAll(earlier.unit, one.unit))
    return first && one.reason === null ? { unit: one.unit, reason: `its devices belong to [${first.unit.name}], which comes first` } : one
  })
  const perDevice = shared.filter(({ unit }) => DIALECT.get(unit.type)?.perDevice)
  return [...perDevice.toReversed(), ...shared.filter((one) => !perDevice.includes(one))]
}

/** A reason where it cannot be told from here. */
function holdsOn({ cpuinfoRegex, unameRegex, udevRegex }: Unit, machine: Machine): boolean | string {
  if (udevRegex !== null) return 'its devices are chosen by an expression over udev properties'
  for (const [expression, text] of [[unameRegex, machine.uname], [cpuinfoRegex, machine.cpuinfo]] as const) {
    if (expression === null) continue
    if (text === null) return `it holds only where '${expression}' matches, and that is not known here`
    const matches = search(expression, text)
    if (matches === null) return `'${expression}' is not a regular expression here`
    if (!matches) return false
  }
  return true
}

function takesAll(earlier: Unit, later: Unit): boolean {
  if (earlier.type !== later.type || DIALECT.get(later.type)?.perDevice !== true) return false
  const rules = earlier.devices.join(' ')
  return rules === '*' || rules === later.devices.join(' ')
}

function search(expression: string, text: string): boolean | null {
  try {
    return new RegExp(expression, 'm').test(text)
  } catch {
    return null
  }
}
