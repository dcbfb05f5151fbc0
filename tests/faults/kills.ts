import { expect } from 'vitest'
import { rollback } from '@semantos/host'
import { type Applying, type Killing, isSettled, killWhileApplying, until } from './killed.js'

/** How long the child writes at least; kills fall on all of that and on some time after it. */
const WRITES_MS = 150
const KILLED_WITHIN_MS = 200
const AT_ONCE = 4
const PATIENCE_MS = 60_000

/** Where runs are killed, one after the other. */
export interface Scene {
  applying(index: number): Omit<Applying, 'writesMs'>
  /** The bytes of everything that an apply changes. */
  look(): string
  /** What starts the run there. */
  readonly prefix?: readonly string[]
}

export interface Tally {
  restored: number
  byGuard: number
  byRollback: number
  midway: number
  inFlight: number
  before: number
}

/** One kill in ten comes before the run has begun to write; the guard dies in one of three, at once or while it restores. */
function killing(index: number): Killing {
  const guardDies = index % 6 === 1 ? 'with the run' : index % 6 === 4 ? 'at work' : 'no'
  const after = KILLED_WITHIN_MS * Math.random()
  return { after: index % 10 === 9 ? -after : after, guardDies, guardAfterMs: WRITES_MS * Math.random() }
}

/** Kills that many runs, some at a time, each in a scene that is free; after each, every value must be as it was. */
export async function killRuns(kills: number, openScene: () => Promise<Scene>): Promise<Tally> {
  const tally = { restored: 0, byGuard: 0, byRollback: 0, midway: 0, inFlight: 0, before: 0 }
  const indices = Array.from({ length: kills }, (_, index) => index)
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    const scene = await openScene()
    for (let index = indices.shift(); index !== undefined; index = indices.shift()) await kill(scene, index, tally)
  }))
  return tally
}

async function kill(scene: Scene, index: number, tally: Tally): Promise<void> {
  const applying = { ...scene.applying(index), writesMs: WRITES_MS }
  const before = scene.look()
  const how = killing(index)
  const { written, inFlight, ended } = await killWhileApplying(applying, how, scene.prefix)
  const guardDone = how.guardDies === 'no' && (await until(() => isSettled(applying), PATIENCE_MS))
  const report = await rollback({ root: applying.root, stateDir: applying.stateDir, waitMs: PATIENCE_MS })
  expect(report, `kill ${index}`).toMatchObject({ complete: true, problems: [] })
  if (guardDone) expect(report.rows).toEqual([])
  expect(scene.look(), `kill ${index}: ${JSON.stringify(how)}`).toBe(before)
  tally.restored += 1
  if (written === 0) tally.before += 1
  else if (report.rows.length > 0) tally.byRollback += 1
  else tally.byGuard += 1
  if (written > 0 && !ended) tally.midway += 1
  if (inFlight > 0) tally.inFlight += 1
}

/** Prints the figure, and holds it to what was asked for. */
export function report(where: string, kills: number, { restored, byGuard, byRollback, midway, inFlight, before }: Tally): void {
  process.stdout.write(
    `\n${where}: ${restored} of ${kills} kills restored every value byte for byte (${byGuard} by the guard, ${byRollback} by semantos rollback, ${before} before the first write); `
    + `${midway} fell amid the writes, ${inFlight} between journal and read-back\n`,
  )
  expect(restored).toBe(kills)
  expect(midway).toBeGreaterThan(kills / 4)
  // Where the order of journal and write matters.
  expect(inFlight).toBeGreaterThan(0)
}
