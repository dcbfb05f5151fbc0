import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readKnobs } from '@semantos/engine'
import { shuffled, streams } from '@semantos/core/kernel'
import { armOf, idOf, openTask } from './task.mjs'

/**
 * Every method in turn from the same start with the same budget, then the answers of all in interleaved blocks of random order: only
 * then can they be compared.
 */
export async function measure(place, methods, { trials, blocks, seed }) {
  rmSync(place.logs, { recursive: true, force: true })
  mkdirSync(place.logs, { recursive: true })
  const random = (name) => streams(seed)(name)
  const rows = []
  for (const method of methods) {
    const reason = await method.unavailable()
    place.say(`${method.name}${reason === null ? '' : `: left out, ${reason}`}`)
    rows.push(reason === null ? await findBy(method, place, { trials, random: random(method.name) }) : { name: method.name, left_out: reason })
    if (place.stopped()) throw place.stopped()
  }
  return { workload: place.name, seed, trials, blocks, scope: place.scope, methods: rows, final_p95_ms: await finals(place, rows, blocks, random('blocks')) }
}

async function findBy(method, place, { trials, random }) {
  const before = await texts(place)
  const task = await openTask(place, { logFile: join(place.logs, `${method.name.replaceAll(/\W+/g, '-')}.jsonl`), trials, random })
  const from = performance.now()
  try {
    const settings = effective(await method.find(task), task.current)
    await task.close()
    const after = await texts(place)
    return {
      name: method.name,
      settings,
      words: task.words,
      knobs_in_scope: task.space.length,
      trials: task.used,
      failed_trials: task.failed,
      worst_p95_ms: task.used === 0 ? null : task.worstP95Ms,
      left_changed: changedBetween(before, after),
      wall_s: (performance.now() - from) / 1000,
    }
  } finally {
    await task.close()
  }
}

/** Without what stands so already. */
function effective(settings, current) {
  return settings.filter(({ knob, value }) => current.get(knob)?.status === 'present' && JSON.stringify(current.get(knob).value) !== JSON.stringify(value))
}

/** p95 in ms of each distinct answer, one a block; null where the trial failed. Methods with the same answer share its trials. */
async function finals(place, rows, blocks, random) {
  const arms = [...new Map(rows.filter(({ settings }) => settings).map(({ settings }) => [idOf(settings), settings])).values()]
  const task = await openTask(place, { logFile: join(place.logs, 'finals.jsonl'), trials: arms.length * blocks, random })
  const p95Ms = Object.fromEntries(arms.map((settings) => [idOf(settings), []]))
  try {
    for (let block = 1; block <= blocks; block++) {
      for (const settings of shuffled(arms, random)) p95Ms[armOf(settings).id].push((await task.trial(settings)).p95Ms)
      if (place.stopped()) throw place.stopped()
    }
  } finally {
    await task.close()
  }
  return p95Ms
}

/** Every knob of the catalogue as its file shows it, to the byte. */
export async function texts({ kernel, cycle }) {
  const { readings } = await readKnobs(kernel, cycle, kernel.catalogue)
  return new Map([...readings.values()].map((reading) => [reading.knob, reading.status === 'present' ? reading.text : reading.status]))
}

export function changedBetween(before, after) {
  return [...before.keys()].filter((ref) => before.get(ref) !== after.get(ref))
}
