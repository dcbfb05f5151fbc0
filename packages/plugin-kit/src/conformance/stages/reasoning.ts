import assert from 'node:assert/strict'
import { formatValue, refuses } from '@semantos/core'
import type { Check } from '../check.js'
import { NO_PLAN } from '../world/seen.js'
import type { World } from '../world/world.js'
import { type Case, answersPlainly, hostile } from './case.js'
import { HUGE_PLAN, allAbsent, allBarred, hostileEvidence, hostilePlan, hostileSnapshot, hugeEvidence, hugeSnapshot } from './hostile-world.js'

const INJECTED: Case = {
  name: 'instructions and code in names and texts',
  change: ({ snapshot, evidence, earlier }) => ({ snapshot: hostileSnapshot(snapshot), evidence: hostileEvidence(evidence), earlier: hostilePlan(earlier) }),
}

const CASES: readonly Case[] = [
  { name: 'no evidence', change: () => ({ evidence: { edges: [], traces: [], documents: [] } }) },
  { name: 'nothing was seen', change: ({ snapshot }) => ({ snapshot: { ...snapshot, host: null, metrics: [], missing: [] } }) },
  { name: 'no reasoner before it', change: () => ({ earlier: NO_PLAN }) },
  { name: 'no knob could be read', change: () => ({ current: new Map() }) },
  { name: 'no knob exists on this host', change: (world) => ({ current: allAbsent(world) }) },
  { name: 'no knob may be changed', change: (world) => ({ current: allBarred(world) }) },
  { name: 'a catalogue without knobs', change: () => ({ knobs: [], current: new Map() }) },
  { name: 'thousands of metrics and of pieces of evidence', change: ({ snapshot, evidence }) => ({ snapshot: hugeSnapshot(snapshot), evidence: hugeEvidence(evidence) }) },
  { name: 'a thousand recommendations of reasoners before it', change: () => ({ earlier: HUGE_PLAN }) },
  INJECTED,
]

/** What it adds to the plan is in the catalogue, with values that Linux takes: anything else makes the kernel refuse the whole plan. */
const withinCatalogue: readonly Check[] = [
  { name: 'in a sound situation', change: () => ({}) },
  INJECTED,
].map(({ name, change }) => ({
  name: `recommendations: knobs of the catalogue and values that they take (${name})`,
  run: async ({ plugin, world }) => {
    const changed: World = { ...world, ...change(world) }
    await answersPlainly(plugin, changed, {}, ({ answers, kit }) => {
      const outside = (answers.reason?.recommendations ?? []).flatMap(({ knob: ref, value }) => {
        const knob = kit.catalogue.get(ref)
        if (!knob) return [`${ref} is not in the catalogue`]
        return refuses(knob, value, 'range')?.message ?? (formatValue(value) === '' ? [`${ref} is given no value`] : [])
      })
      assert.deepEqual(outside, [])
    })
  },
}))

export const reasoning: readonly Check[] = [...hostile(CASES), ...withinCatalogue]
