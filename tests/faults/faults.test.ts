import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { Applied, type Knob, z } from '@semantos/core'
import { rollback, status } from '@semantos/host'
import { fakeRoot, knobOf, put, textIn } from './fake-root.js'
import { until } from './killed.js'
import { mayMount, mounted } from './mounted.js'
import { openRun, stateDir, writableHost } from './writing.js'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** The shim is a C library put in front of libc; without a compiler there is nothing to put there. */
const compiler = ['gcc', 'cc'].find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})
const shim = join(mkdtempSync(join(tmpdir(), 'semantos-shim-')), 'shim.so')
const wanted = process.platform === 'linux' && compiler !== undefined

const Saying = z.strictObject({ code: z.string().nullable(), message: z.string() }).nullable()
const Said = z.strictObject({ error: Saying, applied: z.array(Applied).nullable(), closing: Saying, stuck: z.array(z.string()) })

const files = { 'proc/sys/vm/a': '1', 'proc/sys/vm/b': '2', 'proc/sys/vm/c': '3', 'proc/sys/vm/d': '4' }
const names = ['vm.a', 'vm.b', 'vm.c', 'vm.d']
const values = { 'vm.a': 10, 'vm.b': 20, 'vm.c': 30, 'vm.d': 40 }

/** Writes four knobs in a process whose writes go wrong as told. */
async function applyWith(faults: string, part: { guard?: boolean; writeLimitMs?: number; place?: { root: string; stateDir: string }; knobs?: readonly Knob[]; values?: Readonly<Record<string, number>> } = {}) {
  const place = part.place ?? { root: fakeRoot(files), stateDir: stateDir() }
  const task = { ...place, knobs: part.knobs ?? names.map((name) => knobOf(name)), values: part.values ?? values, guard: part.guard ?? false, writeLimitMs: part.writeLimitMs ?? 60_000 }
  const env = { ...process.env, LD_PRELOAD: shim, FAULTS: faults }
  const child = spawn(process.execPath, [here('fault-child.mjs'), JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'], env })
  let out = ''
  child.stdout.on('data', (data: Buffer) => (out += data.toString()))
  await once(child, 'close')
  const json: unknown = JSON.parse(out)
  return { said: Said.parse(json), place, now: Object.keys(files).map((path) => path in files && shown(place.root, path)) }
}

function shown(root: string, path: string): string | null {
  try {
    return textIn(root, path)
  } catch {
    return null
  }
}

beforeAll(() => {
  if (wanted) execFileSync(compiler, ['-shared', '-fPIC', '-O1', '-o', shim, here('shim.c'), '-ldl'])
})

describe.skipIf(!wanted)('a kernel that refuses (needs a C compiler on Linux)', () => {
  test.each([
    ['EACCES', 13, 'the kernel does not permit the write (EACCES)'],
    ['EINVAL', 22, 'the kernel does not accept this value (EINVAL)'],
    ['EIO', 5, 'input/output error (EIO)'],
    ['ENOSPC', 28, 'the kernel has no room for it (ENOSPC)'],
    ['EPERM', 1, 'the kernel does not permit the write: lockdown, or a missing capability (EPERM)'],
    ['EBUSY', 16, 'it is in use and cannot be changed now (EBUSY)'],
  ])('%s on the third of four: the first two are taken back, the fourth is never touched', async (_, errno, reason) => {
    const { said, now, place } = await applyWith(`/vm/c:${errno}`)
    expect(said).toMatchObject({ error: { code: 'SEMANTOS_E_APPLY_FAILED', message: `vm.c = 30: ${reason}` }, closing: null })
    expect(now).toEqual(['1', '2', '3', '4'])
    expect(status(place).runs).toEqual([])
  })

  test('a value stored differently is what is reported', async () => {
    const { said, now } = await applyWith('/vm/b:clamp')
    expect(said.applied?.map(({ wanted: asked, stored }) => [asked, stored])).toEqual([[10, 10], [20, 7], [30, 30], [40, 40]])
    expect(now).toEqual(['10', '07', '30', '40'])
  })

  test('a file that cannot be read at an offset, as the scheduler\'s in debugfs, is read from its start', async () => {
    const { said, now } = await applyWith('/vm/b:pread-29')
    expect(said.error).toBeNull()
    expect(now).toEqual(['10', '20', '30', '40'])
  })

  test('a value that was stored and then called an error is taken back too', async () => {
    const { said, now } = await applyWith('/vm/b:reject-late')
    expect(said.error).toMatchObject({ code: 'SEMANTOS_E_APPLY_FAILED' })
    expect(now).toEqual(['1', '2', '3', '4'])
  })

  test('a file that vanishes as it is written takes its value with it; the others are taken back', async () => {
    const { said, now } = await applyWith('/vm/c:vanish')
    expect(said).toMatchObject({ error: { code: 'SEMANTOS_E_APPLY_FAILED', message: 'vm.c = 30: no such device (ENODEV)' }, closing: null })
    expect(now).toEqual(['1', '2', null, '4'])
  })

  test('a write that hangs is given up in time; the guard restores the rest once the process is dead', async () => {
    // Long enough for the writes before it to come back on a machine that is busy.
    const { said, place } = await applyWith('/vm/c:hang', { guard: true, writeLimitMs: 3000 })
    expect(said).toMatchObject({ error: { code: 'SEMANTOS_E_UNDO_FAILED' }, stuck: ['vm/c'], closing: { code: 'SEMANTOS_E_UNDO_FAILED' } })
    expect(said.error?.message).toMatch(/vm\.c: the write has not come back after 3000 ms and may still take effect; it shows .* now; all other writes of this step were taken back/)
    expect(await until(() => Object.entries(files).every(([path, text]) => shown(place.root, path) === text), 60_000)).toBe(true)
    expect((await rollback(place)).complete).toBe(true)
  })
})

describe.skipIf(!wanted)('a file of many switches (needs a C compiler on Linux)', () => {
  const FEATURES = 'sys/kernel/debug/sched/features'
  const LIST = 'PLACE_LAG RUN_TO_PARITY NO_NEXT_BUDDY NO_HRTICK '
  const feature = (word: string) => knobOf(`sched.features.${word.toLowerCase()}`, {
    where: { interface: 'debugfs', path: 'sched/features' }, type: { kind: 'boolean', off: `NO_${word}`, on: word, among_others: true },
  })
  const knobs = [feature('PLACE_LAG'), feature('NEXT_BUDDY'), feature('HRTICK'), knobOf('vm.c')]
  const newPlace = () => ({ root: fakeRoot({ ...files, [FEATURES]: LIST }), stateDir: stateDir() })

  test('two are turned and taken back by their own words; a third keeps what somebody else made of it', async () => {
    const place = newPlace()
    const { said } = await applyWith('/features:switches', { place, knobs, values: { 'sched.features.place_lag': 0, 'sched.features.next_buddy': 1 } })
    expect(said.applied?.map(({ before, stored }) => [before, stored])).toEqual([[1, 0], [0, 1]])
    expect(textIn(place.root, FEATURES)).toBe('NO_PLACE_LAG RUN_TO_PARITY NEXT_BUDDY NO_HRTICK ')
    expect(status(place).runs[0]?.rows.map(({ original, ours, standing }) => [original, ours, standing])).toEqual([['NO_NEXT_BUDDY', 'NEXT_BUDDY', 'ours'], ['PLACE_LAG', 'NO_PLACE_LAG', 'ours']])
    put(place.root, { [FEATURES]: 'NO_PLACE_LAG NO_RUN_TO_PARITY NEXT_BUDDY NO_HRTICK ' })
    const env = { ...process.env, LD_PRELOAD: shim, FAULTS: '/features:switches' }
    execFileSync(process.execPath, [here('../../packages/cli/dist/semantos.js'), 'rollback', '--root', place.root, '--state-dir', place.stateDir], { env })
    expect(textIn(place.root, FEATURES)).toBe('PLACE_LAG NO_RUN_TO_PARITY NO_NEXT_BUDDY NO_HRTICK ')
  })

  test('a failure later in the step turns them back', async () => {
    const place = newPlace()
    const { said } = await applyWith('/features:switches,/vm/c:22', { place, knobs, values: { 'sched.features.hrtick': 1, 'vm.c': 30 } })
    expect(said).toMatchObject({ error: { code: 'SEMANTOS_E_APPLY_FAILED' }, closing: null })
    expect(textIn(place.root, FEATURES)).toBe(LIST)
  })
})

describe.skipIf(!wanted)('a disk that refuses (needs a C compiler on Linux)', () => {
  test.each([['EIO', 5], ['ENOSPC', 28], ['EROFS', 30]])('%s as the journal is flushed: nothing is written', async (code, errno) => {
    const { said, now } = await applyWith(`.journal:sync-${errno}`)
    expect(said.error).toMatchObject({ code: 'SEMANTOS_E_JOURNAL_UNWRITABLE' })
    expect(said.error?.message).toContain(code)
    expect(now).toEqual(['1', '2', '3', '4'])
  })

  test.each([['EIO', 5], ['ENOSPC', 28]])('%s as the journal is written: nothing is written', async (code, errno) => {
    const { said, now } = await applyWith(`.journal:${errno}`)
    expect(said.error?.message).toContain(code)
    expect(now).toEqual(['1', '2', '3', '4'])
  })
})

describe.skipIf(!mayMount)('a disk that fills up while a run is at work (needs root and CAP_SYS_ADMIN)', () => {
  test('the next write is refused, what was written is taken back, and a rollback needs no room', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'semantos-mount-')))
    using _disk = mounted(folder, 'size=1m,mode=700')
    const place = { root: fakeRoot(files), stateDir: join(folder, 'journal') }
    const run = await openRun(place.root, place.stateDir)
    const host = writableHost(run, names.map((name) => knobOf(name)))
    await host.write([{ ref: 'vm.a', value: 10 }], 'test')
    execFileSync('sh', ['-c', `head -c 2m /dev/zero > ${folder}/full || :`], { stdio: 'ignore' })
    const step = Array.from({ length: 40 }, (_, index) => ({ ref: names[1 + (index % 3)] ?? '', value: 100 + index }))
    await expect(host.write(step, 'test')).rejects.toThrow(/cannot write the journal .* the disk is full \(ENOSPC\)/)
    expect(Object.keys(files).map((path) => shown(place.root, path))).toEqual(['10', '2', '3', '4'])
    run.lock.release()
    run.journal.close()
    const report = await rollback(place)
    expect(report.complete).toBe(true)
    expect(report.rows.find(({ knob }) => knob === 'vm.a')).toMatchObject({ outcome: 'restored' })
    expect(shown(place.root, 'proc/sys/vm/a')).toBe('1')
  })
})
