import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Applied, type Reading, sameValue } from '@semantos/core'
import type { Check, Subject } from '../check.js'
import { differences, filesIn, makeFolders } from '../folders.js'
import { failuresOf, inRig } from '../rig.js'
import { type Case, answersPlainly, hostile } from './case.js'
import { GARBLES, garbled } from './garbled.js'

const emptied = (root: string) => {
  rmSync(root, { recursive: true })
  mkdirSync(join(root, 'proc', 'sys'), { recursive: true })
}

const CASES: readonly Case[] = [
  { name: 'a host without a single knob', change: () => ({ root: {} }) },
  { name: 'a catalogue without knobs', change: () => ({ knobs: [] }) },
  ...GARBLES.map(({ name, garble }): Case => ({ name: `knobs whose files ${name}`, change: ({ root }) => ({ root: garbled(root, garble) }) })),
]

const claims = async (subject: Subject, look: (answers: { read: readonly Reading[]; apply: readonly Applied[]; applied: readonly Reading[]; undone: readonly Reading[] }) => void) =>
  answersPlainly(subject.plugin, subject.world, {}, ({ answers: { read = [], apply = [], applied = [], undone = [] } }) => look({ read, apply, applied, undone }))

/** The value of a knob in a list of readings. */
const valueIn = (readings: readonly Reading[], knob: string) => {
  const reading = readings.find((each) => each.knob === knob)
  return reading?.status === 'present' ? reading.value : null
}

const stored: Check = {
  name: 'apply: each change is answered once, with what then stands there',
  run: (subject) =>
    claims(subject, ({ apply, applied }) => {
      assert.equal(new Set(apply.map(({ knob }) => knob)).size, apply.length, 'a change is answered twice')
      for (const { knob, stored: value } of apply) {
        const now = valueIn(applied, knob)
        assert.ok(now !== null && sameValue(now, value), `${knob} is said to be ${String(value)}, and read back as ${String(now)}`)
      }
    }),
}

const undone: Check = {
  name: 'undo: every knob stands as before',
  run: (subject) =>
    claims(subject, ({ read, apply, undone: after }) => {
      for (const { knob } of apply) assert.deepEqual(valueIn(after, knob), valueIn(read, knob), `${knob} was not taken back`)
    }),
}

const twice: Check = {
  name: 'undo: what was taken back, or never written, is left as it is',
  run: ({ plugin, world }) =>
    inRig(plugin(), world, {}, async ({ kit: { kernel, cycle }, asks, answers }) => {
      await failuresOf(asks)
      const applied = answers.apply ?? []
      if (applied.length === 0) return
      const again = (await kernel.hooks.undo.run({ step: 1, applied }, cycle)) ?? []
      assert.deepEqual(again.filter(({ outcome }) => outcome === 'failed' || outcome === 'restored'), [], 'a second undo finds nothing to do')
    }),
}

/** Knobs that are there when they are read, and gone when they are to be changed. */
const vanished: Check = {
  name: 'hostile input: knobs that vanish before they are changed',
  run: ({ plugin, world }) => answersPlainly(plugin, { ...world, beforeApply: emptied }, {}),
}

const withoutLeave: Check = {
  name: 'writing: nothing on the host while the run may not apply',
  run: async ({ plugin, world }) => {
    using folders = makeFolders(world.root, world.files)
    const before = filesIn(folders.root)
    const after = await inRig(plugin(), world, { folders, mayWrite: false }, async ({ asks }) => {
      await failuresOf(asks.filter(({ hook }) => hook !== 'undo'))
      return filesIn(folders.root)
    })
    assert.deepEqual(differences(before, after), [], 'write through the host door, which asks for leave')
  },
}

export const applier: readonly Check[] = [...hostile(CASES), vanished, stored, undone, twice, withoutLeave]
