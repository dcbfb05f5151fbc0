import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { isSemantosError, type Write } from '@semantos/core'
import { fakeRoot } from './fake-root.js'
import { knobs, write } from './hostile.js'
import { openRun, stateDir, writableHost } from './writing.js'

/** In memory where the system has a place for that: a hundred thousand steps are a million flushed journal lines. */
const WITHIN = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const STEPS = 100_000
/** A run reads its own journal again at each undo, and a new one those of all before it: so each is short, and has none before it. */
const STEPS_A_RUN = 20

/** `words` without brackets: writing a plain file does not move them, as the kernel does. */
const files: Readonly<Record<string, string>> = {
  'proc/sys/vm/swappiness': '60', 'proc/sys/vm/words': 'a', 'proc/sys/net/ipv4/tcp_rmem': '1 2', 'proc/sys/vm/flag': '0', 'proc/sys/kernel/core_pattern': 'core',
  'sys/block/vda/queue/nr': '64', 'sys/block/vdb/queue/nr': '64', 'sys/kernel/debug/sched/slice': '3', 'etc/passwd': 'root',
}
const paths = Object.keys(files)
const before = Object.fromEntries(paths.map((path) => [path, `${files[path] ?? ''}\n`]))

const sound: fc.Arbitrary<Write> = fc.constantFrom('vm.swappiness', 'vm.flag', 'block.nr[vda]', 'block.nr[vdb]', 'sched.slice', 'net.ipv4.tcp_rmem').map((ref) => ({ ref, value: ref.endsWith('rmem') ? [3, 4] : 1 }))
const step = fc.array(fc.oneof({ weight: 3, arbitrary: sound }, { weight: 1, arbitrary: write }), { minLength: 1, maxLength: 6 })

/** What becomes of one file, once so many writes of the step have begun. */
interface Sabotage {
  readonly path: string
  readonly how: 'folder' | 'link' | 'empty' | 'gone' | 'other'
  readonly after: number
}
const sabotage: fc.Arbitrary<Sabotage> = fc.record({ path: fc.constantFrom(...paths.slice(0, 8)), how: fc.constantFrom('folder', 'link', 'empty', 'gone', 'other'), after: fc.nat(4) })

const root = fakeRoot(files, WITHIN)
const journals = stateDir(WITHIN)
afterAll(() => [root, dirname(journals)].forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function spoil({ path, how }: Sabotage): void {
  rmSync(join(root, path))
  if (how === 'folder') mkdirSync(join(root, path))
  if (how === 'link') symlinkSync(join(root, 'etc/passwd'), join(root, path))
  if (how === 'empty') writeFileSync(join(root, path), '')
  if (how === 'other') writeFileSync(join(root, path), '77\n')
}

function repair(path: string): void {
  rmSync(join(root, path), { recursive: true, force: true })
  writeFileSync(join(root, path), before[path] ?? '')
}

/** Every file but the spoiled one, which is nobody's any more. */
function contents(but: string | null): string {
  return paths.filter((path) => path !== but).map((path) => readFileSync(join(root, path), 'latin1')).join('')
}

function asBefore(but: string | null): string {
  return paths.filter((path) => path !== but).map((path) => before[path]).join('')
}

async function openDoor() {
  rmSync(journals, { recursive: true, force: true })
  const run = await openRun(root, journals)
  return { run, host: writableHost(run, knobs), steps: 0 }
}

test(`${STEPS.toLocaleString('en')} hostile steps on real files: applied as a whole, or every file as before`, async () => {
  let door = await openDoor()
  const tally = { wholly: 0, refused: 0, takenBack: 0 }
  const property = fc.asyncProperty(step, sabotage, async (writes, harm) => {
    if (door.steps++ === STEPS_A_RUN) {
      await door.run.close()
      door = { ...await openDoor(), steps: 1 }
    }
    const { run, host } = door
    const first = run.lastSeq
    let [settled, spoiled] = [false, false]
    const writing = host.write(writes, 'hostile').then(() => true, (error: unknown) => {
      if (!isSemantosError(error)) throw error
      return false
    }).finally(() => void (settled = true))
    while (!settled) {
      if (!spoiled && run.lastSeq - first >= harm.after) {
        spoil(harm)
        spoiled = true
      }
      await turn()
    }
    const wholly = await writing
    const but = spoiled ? harm.path : null
    tally[wholly ? 'wholly' : run.lastSeq > first ? 'takenBack' : 'refused'] += 1
    if (wholly) await host.restore(writes.map(({ ref }) => ref), 'hostile')
    if (contents(but) !== asBefore(but)) expect(contents(but)).toBe(asBefore(but))
    if (but !== null) repair(but)
  })
  // Each step finds what the one before it left: there is nothing to shrink.
  await fc.assert(property, { numRuns: STEPS, endOnFailure: true })
  await door.run.close()
  expect(contents(null)).toBe(asBefore(null))
  expect(readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toHaveLength(paths.length)
  process.stdout.write(`\nhostile steps: ${tally.wholly} applied as a whole and restored, ${tally.refused} refused before the first write, ${tally.takenBack} failed half-way and taken back\n`)
  for (const count of Object.values(tally)) expect(count).toBeGreaterThan(STEPS / 100)
}, 900_000)
