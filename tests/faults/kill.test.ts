import { expect, test } from 'vitest'
import { rollback } from '../../core/src/host/rollback.js'
import { fakeRoot, knobOf, textIn } from './fake-root.js'
import { type Killing, isSettled, killWhileApplying, until } from './killed.js'
import { stateDir } from './writing.js'

const KILLS = Number(process.env['SEMANTOS_KILLS'] ?? 200)
const AT_ONCE = 4
/** About as long as the child needs for its writes, so that kills fall on all of them. */
const APPLY_MS = 150

const names = Array.from({ length: 20 }, (_, index) => `vm.knob_${index}`)
const knobs = names.map((name) => knobOf(name))
const files = Object.fromEntries(names.map((name, index) => [`proc/sys/${name.replace('.', '/')}`, String(1000 + index)]))
const rounds = [1, 2].map((round) => Object.fromEntries(names.map((name, index) => [name, round * 100 + index])))

/** One kill in ten comes before the run has begun to write; the guard dies in one of three, at once or while it restores. */
function killing(index: number): Killing {
  const guardDies = index % 6 === 1 ? 'with the run' : index % 6 === 4 ? 'at work' : 'no'
  return { afterMs: index % 10 === 9 ? -150 * Math.random() : APPLY_MS * Math.random(), guardDies, guardAfterMs: 150 * Math.random() }
}

test(`${KILLS} runs killed at random moments: every value is restored`, async () => {
  const tally = { restored: 0, byGuard: 0, byRollback: 0, midway: 0, inFlight: 0, before: 0 }
  const one = async (index: number) => {
    const root = fakeRoot(files)
    const applying = { root, stateDir: stateDir(), run: `kill-${index}`, knobs, rounds, guard: true }
    const how = killing(index)
    const { written, inFlight } = await killWhileApplying(applying, how)
    const guardDone = how.guardDies === 'no' && (await until(() => isSettled(applying), 10_000))
    const report = await rollback({ root, stateDir: applying.stateDir })
    expect(report, `kill ${index}`).toMatchObject({ complete: true, problems: [] })
    if (guardDone) expect(report.rows).toEqual([])
    const now = Object.fromEntries(Object.keys(files).map((path) => [path, textIn(root, path)]))
    expect(now, `kill ${index}: ${JSON.stringify(how)}`).toEqual(files)
    tally.restored += 1
    if (written > 0 && report.rows.length > 0) tally.byRollback += 1
    else if (written > 0) tally.byGuard += 1
    if (written > 0 && written < 2 * names.length) tally.midway += 1
    if (written === 0) tally.before += 1
    if (inFlight > 0) tally.inFlight += 1
  }
  const indices = Array.from({ length: KILLS }, (_, index) => index)
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let index = indices.shift(); index !== undefined; index = indices.shift()) await one(index)
  }))
  const { restored, byGuard, byRollback, midway, inFlight, before } = tally
  process.stdout.write(
    `\nkills: ${restored} of ${KILLS} restored every value (${byGuard} by the guard, ${byRollback} by semantos rollback, ${before} before the first write); `
    + `${midway} fell amid the writes, ${inFlight} between journal and read-back\n`,
  )
  expect(restored).toBe(KILLS)
  expect(midway).toBeGreaterThan(KILLS / 4)
  // Where the order of journal and write matters.
  expect(inFlight).toBeGreaterThan(0)
}, 300_000)
