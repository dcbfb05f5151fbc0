import { type Catalogue, type HostReader, type Knob, type KnobValue, type Reading, sameValue } from '@semantos/core'
import { followSuccessors } from '@semantos/core/kernel'

/** How the catalogue's knobs stand on this host. */
export interface KnobSurvey {
  readonly catalogue: number
  readonly writable: number
  readonly read_only: readonly string[]
  readonly gone: readonly { readonly knob: string; readonly reason: string; readonly successor: string | null }[]
  readonly barred: readonly { readonly knob: string; readonly reason: string }[]
  readonly namespaced: number
  readonly changed: readonly { readonly knob: string; readonly value: KnobValue; readonly default: KnobValue }[]
}

export function surveyKnobs(host: HostReader, catalogue: Catalogue): KnobSurvey {
  const knobs = [...catalogue]
  const readings = knobs.flatMap((knob) => host.readKnob(knob).map((reading) => ({ knob, reading })))
  const present = readings.flatMap(({ knob, reading }) => (reading.status === 'present' ? [{ knob, reading }] : []))
  return {
    catalogue: knobs.length,
    writable: present.filter(({ reading }) => reading.writable).length,
    read_only: present.filter(({ reading }) => !reading.writable).map(({ reading }) => reading.knob),
    gone: [...followSuccessors(new Map(readings.map(({ reading }) => [reading.knob, reading]))).values()].flatMap((reading) => (reading.status === 'unavailable' ? [{ knob: reading.knob, reason: reading.reason, successor: reading.successor }] : [])),
    barred: readings.flatMap(({ reading }) => (reading.status === 'not permitted' ? [{ knob: reading.knob, reason: reading.reason }] : [])),
    namespaced: knobs.filter(({ where }) => where.netns !== 'none').length,
    changed: present.flatMap(({ knob, reading }) => changedFromDefault(knob, reading)),
  }
}

function changedFromDefault(knob: Knob, reading: Extract<Reading, { status: 'present' }>): KnobSurvey['changed'] {
  if (knob.default === null || sameValue(knob.default, reading.value)) return []
  return [{ knob: reading.knob, value: reading.value, default: knob.default }]
}
