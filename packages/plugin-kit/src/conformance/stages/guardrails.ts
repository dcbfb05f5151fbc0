import type { KnobValue, Plan } from '@semantos/core'
import type { Check } from '../check.js'
import { NO_PLAN, recommend } from '../world/seen.js'
import type { World } from '../world/world.js'
import { type Case, hostile } from './case.js'
import { HUGE_PLAN, allAbsent, allBarred, hostilePlan, hostileSnapshot } from './hostile-world.js'

/** The same value for every knob, whatever its type. */
const allTo = (value: KnobValue) => ({ current }: World): { plan: Plan } => ({ plan: { recommendations: [...current.keys()].map((knob) => recommend(knob, value)), advice: [] } })

const CASES: readonly Case[] = [
  { name: 'an empty plan', change: () => ({ plan: NO_PLAN }) },
  { name: 'values far above all bounds', change: allTo(Number.MAX_SAFE_INTEGER) },
  { name: 'values far below all bounds', change: allTo(Number.MIN_SAFE_INTEGER) },
  { name: 'zero everywhere', change: allTo(0) },
  { name: 'words for numbers', change: allTo('much') },
  { name: 'lists for numbers', change: allTo([3, 2, 1]) },
  { name: 'a thousand recommendations of invented knobs', change: () => ({ plan: HUGE_PLAN }) },
  { name: 'nothing was seen', change: ({ snapshot }) => ({ snapshot: { ...snapshot, host: null, metrics: [], missing: [] } }) },
  { name: 'no knob could be read', change: () => ({ current: new Map() }) },
  { name: 'no knob exists on this host', change: (world) => ({ current: allAbsent(world) }) },
  { name: 'no knob may be changed', change: (world) => ({ current: allBarred(world) }) },
  { name: 'a catalogue without knobs', change: () => ({ knobs: [] }) },
  { name: 'instructions and code in names and texts', change: ({ snapshot, plan }) => ({ snapshot: hostileSnapshot(snapshot), plan: hostilePlan(plan) }) },
]

export const guardrails: readonly Check[] = hostile(CASES)
