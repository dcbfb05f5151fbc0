import assert from 'node:assert/strict'
import { unitOf } from '@semantos/core'
import type { Check } from '../check.js'
import { failuresOf, inRig } from '../rig.js'
import { type Case, hostile } from './case.js'
import { GARBLES, garbled } from './garbled.js'

const CASES: readonly Case[] = [
  { name: 'a root without a single file', change: () => ({ root: {}, files: {} }) },
  ...GARBLES.map(({ name, garble }): Case => ({ name: `files of the host that ${name}`, change: ({ root, files }) => ({ root: garbled(root, garble), files: garbled(files, garble) }) })),
]

export const telemetry: readonly Check[] = [
  {
    name: 'units: a metric whose name ends in a unit is in that unit',
    run: ({ plugin, world }) =>
      inRig(plugin(), world, {}, async ({ asks, answers }) => {
        await failuresOf(asks)
        const metrics = [...(answers.collect?.metrics ?? []), ...(answers.watch ?? [])]
        const wrong = metrics.filter(({ name, unit }) => (unitOf(name) ?? unit) !== unit).map(({ name, unit }) => `${name} is said to be in ${unit}`)
        assert.deepEqual(wrong, [])
      }),
  },
  ...hostile(CASES),
]
