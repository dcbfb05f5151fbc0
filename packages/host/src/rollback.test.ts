import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fakeRoot, knobOf, put, textIn } from '../../../tests/faults/fake-root.js'
import { openRun, stateDir, writableHost } from '../../../tests/faults/writing.js'
import type { KnobValue } from '@semantos/core'
import { history, pastRunOf } from './history.js'
import { Journal, journalFile, readJournal } from './journal.js'
import { acquireLock } from './lock.js'
import { forgetOldest } from './recover.js'
import type { Touch } from './records.js'
import { rollback } from './rollback.js'
import { status } from './status.js'

const knobs = [
  knobOf('vm.a'), knobOf('vm.b'), knobOf('vm.ratio', { resets: ['vm.bytes'] }), knobOf('vm.bytes', { resets: ['vm.ratio'] }),
  knobOf('block.nr', { where: { interface: 'sysfs', path: 'block/*/nr', per: 'block-device' } }),
]
const files = { 'proc/sys/vm/a': '1', 'proc/sys/vm/b': '10', 'sys/block/vda/nr': '64', 'sys/block/vdb/nr': '128', 'proc/sys/kernel/random/boot_id': 'this-boot' }

function host(extra: Record<string, string> = {}) {
  return { root: fakeRoot({ ...files, ...extra }), stateDir: stateDir() }
}

/** A run that writes these and commits, or is left as a killed one would leave it. */
async function ran(place: { root: string; stateDir: string }, run: string, values: Record<string, KnobValue>, end: 'commit' | 'die' = 'commit') {
  const opened = await openRun(place.root, place.stateDir, { run })
  await writableHost(opened, knobs).write(Object.entries(values).map(([ref, value]) => ({ ref, value })), 'test')
  if (end === 'commit') {
    opened.commit()
    await opened.close()
  } else {
    opened.lock.release()
    opened.journal.close()
  }
}

describe('rollback', () => {
  test('restores a run from its journal alone and says what it did', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2, 'vm.b': 20, 'block.nr[vda]': 32 })
    expect(await rollback(place)).toEqual({
      rows: [
        { run: 'one', knob: 'block.nr[vda]', path: 'block/vda/nr', original: '64', ours: '32', now: '64', outcome: 'restored', detail: '' },
        { run: 'one', knob: 'vm.b', path: 'vm/b', original: '10', ours: '20', now: '10', outcome: 'restored', detail: '' },
        { run: 'one', knob: 'vm.a', path: 'vm/a', original: '1', ours: '2', now: '1', outcome: 'restored', detail: '' },
      ],
      problems: [],
      complete: true,
    })
    expect([textIn(place.root, 'proc/sys/vm/a'), textIn(place.root, 'proc/sys/vm/b'), textIn(place.root, 'sys/block/vda/nr')]).toEqual(['1', '10', '64'])
    expect(await rollback(place)).toEqual({ rows: [], problems: [], complete: true })
  })

  test('without a name takes the newest run, and run after run goes back to the beginning', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 })
    await ran(place, 'two', { 'vm.a': 3 })
    expect((await rollback(place)).rows).toMatchObject([{ run: 'two', now: '2' }])
    expect((await rollback(place)).rows).toMatchObject([{ run: 'one', now: '1' }])
  })

  test('of all runs goes newest first', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2, 'vm.b': 11 })
    await ran(place, 'two', { 'vm.a': 3 })
    expect((await rollback({ ...place, run: 'all' })).rows.map(({ run, knob, now }) => [run, knob, now])).toEqual([['two', 'vm.a', '2'], ['one', 'vm.b', '10'], ['one', 'vm.a', '1']])
  })

  test('of an older run leaves alone what a newer one has changed', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 })
    await ran(place, 'two', { 'vm.a': 3 })
    expect(await rollback({ ...place, run: 'one' })).toMatchObject({ rows: [{ outcome: 'modified externally' }], complete: false })
    expect(textIn(place.root, 'proc/sys/vm/a')).toBe('3')
  })

  test('of one knob, on all its devices or one', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2, 'block.nr[vda]': 1, 'block.nr[vdb]': 1 })
    expect((await rollback({ ...place, knob: 'block.nr[vdb]' })).rows).toMatchObject([{ knob: 'block.nr[vdb]' }])
    expect((await rollback({ ...place, knob: 'block.nr' })).rows).toMatchObject([{ knob: 'block.nr[vda]' }])
    expect(textIn(place.root, 'proc/sys/vm/a')).toBe('2')
  })

  test('as a rehearsal touches nothing', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 })
    const before = readFileSync(journalFile(place.stateDir, 'one'), 'utf8')
    expect((await rollback({ ...place, dryRun: true })).rows).toMatchObject([{ outcome: 'would restore', now: '2', original: '1' }])
    expect(textIn(place.root, 'proc/sys/vm/a')).toBe('2')
    expect(readFileSync(journalFile(place.stateDir, 'one'), 'utf8')).toBe(before)
  })

  test('lets another\'s value win, and by force does not', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 })
    put(place.root, { 'proc/sys/vm/a': '77' })
    expect(await rollback(place)).toMatchObject({ rows: [{ outcome: 'modified externally', now: '77' }], complete: false })
    expect(await rollback(place)).toMatchObject({ rows: [] })
    expect(await rollback({ ...place, force: true })).toMatchObject({ rows: [{ outcome: 'restored', now: '1' }], complete: true })
  })

  test('goes on past a value that cannot be restored', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2, 'vm.b': 20 })
    rmSync(join(place.root, 'proc/sys/vm/b'))
    mkdirSync(join(place.root, 'proc/sys/vm/b'))
    const report = await rollback(place)
    expect(report).toMatchObject({ rows: [{ knob: 'vm.b', outcome: 'failed' }, { knob: 'vm.a', outcome: 'restored' }], complete: false })
  })

  test('after a restart of the machine has nothing left to do for values of the kernel', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 })
    put(place.root, { 'proc/sys/kernel/random/boot_id': 'next-boot', 'proc/sys/vm/a': '5' })
    expect(await rollback(place)).toEqual({ rows: [], problems: [], complete: true })
    expect((await rollback({ ...place, run: 'one' })).rows).toMatchObject([{ outcome: 'discarded', detail: 'the machine has been restarted since, and the value with it' }])
    expect(textIn(place.root, 'proc/sys/vm/a')).toBe('5')
  })

  test('but still removes drop-ins', async () => {
    const place = host()
    const path = '/etc/sysctl.d/99-semantos.conf'
    const run = await openRun(place.root, place.stateDir, { run: 'one' })
    const door = writableHost(run, knobs)
    await door.write([{ ref: 'vm.a', value: 2 }], 'test')
    await door.persist([{ path, text: 'vm.a = 2\n' }], 'test')
    run.commit()
    await run.close()
    put(place.root, { 'proc/sys/kernel/random/boot_id': 'next-boot' })
    expect((await rollback(place)).rows).toMatchObject([{ knob: path, outcome: 'restored', now: null }, { knob: 'vm.a', outcome: 'discarded' }])
    expect(() => readFileSync(join(place.root, path))).toThrow(/ENOENT/)
  })

  test('does not wait for long: a run at work is named', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 })
    const lock = acquireLock(place.stateDir, 'two', ['semantos', 'run'])
    await expect(rollback({ ...place, waitMs: 50 })).rejects.toMatchObject({ code: 'SEMANTOS_E_LOCKED' })
    expect((await rollback({ ...place, dryRun: true })).rows).toHaveLength(1)
    lock.release()
  })

  test('names a run that there is not', async () => {
    const place = host()
    await expect(rollback({ ...place, run: 'none' })).rejects.toMatchObject({ code: 'SEMANTOS_E_RUN_UNKNOWN' })
  })

  test('where nothing was ever applied does nothing', async () => {
    expect(await rollback(host())).toEqual({ rows: [], problems: [], complete: true })
  })

  test('looks at journals of its own root only', async () => {
    const [one, two] = [host(), host()]
    await ran(one, 'one', { 'vm.a': 2 })
    expect((await rollback({ ...one, root: two.root })).rows).toEqual([])
  })
})

describe('pairs that exclude each other', () => {
  // What the kernel does when one member is written, which a folder does not do by itself.
  const zero = (root: string, name: string) => put(root, { [`proc/sys/vm/${name}`]: '0' })

  test('the one that held is written, and written last', async () => {
    const place = host({ 'proc/sys/vm/ratio': '0', 'proc/sys/vm/bytes': '4096' })
    const run = await openRun(place.root, place.stateDir, { run: 'one' })
    await writableHost(run, knobs).write([{ ref: 'vm.ratio', value: 10 }], 'test')
    run.journal.close()
    run.lock.release()
    zero(place.root, 'bytes')
    // The read-back came before the partner was zeroed here, so the journal must be told what the kernel would have shown.
    const text = readJournal(journalFile(place.stateDir, 'one'))
    if (!text) throw new Error('no journal')
    const journal = Journal.reopen(text)
    journal.append({ type: 'stored', seq: 1, texts: ['10', '0'], failed: null }, 'on disk')
    journal.close()
    expect((await rollback(place)).rows).toMatchObject([{ knob: 'vm.ratio', now: '0', outcome: 'restored' }, { knob: 'vm.bytes', now: '4096', outcome: 'restored' }])
  })

  test('a partner that somebody has set since keeps both', async () => {
    const place = host({ 'proc/sys/vm/ratio': '20', 'proc/sys/vm/bytes': '0' })
    await ran(place, 'one', { 'vm.ratio': 10 })
    put(place.root, { 'proc/sys/vm/ratio': '0', 'proc/sys/vm/bytes': '9999' })
    expect((await rollback(place)).rows).toMatchObject([{ knob: 'vm.ratio', outcome: 'modified externally', now: '0' }, { knob: 'vm.bytes', outcome: 'modified externally', now: '9999' }])
  })
})

describe('a journal that somebody has written who knows how', () => {
  const touch: Touch = { knob: 'vm.a', interface: 'sysctl', path: 'vm/a', before: '0', restore: '0', brackets: false, words: [] }

  test.each<[string, Partial<Touch>]>([
    ['outside the kernel', { path: '../../etc/passwd' }],
    ['through a link', { path: 'link/passwd' }],
    ['that is a link itself', { path: 'vm/link' }],
    ['that runs code', { path: 'kernel/core_pattern' }],
    ['of another interface', { interface: 'debugfs', path: 'tracing/set_event' }],
    ['that is no drop-in of ours', { interface: 'drop-in', path: '/etc/passwd' }],
    ['with a text of two lines', { restore: '0\n1' }],
  ])('restores no file %s', async (_, part) => {
    const place = host({ 'etc/passwd': 'root', 'proc/sys/kernel/core_pattern': 'core', 'sys/kernel/debug/tracing/set_event': 'off' })
    symlinkSync('../../etc', join(place.root, 'proc/sys/link'))
    symlinkSync('../../../etc/passwd', join(place.root, 'proc/sys/vm/link'))
    const run = await openRun(place.root, place.stateDir)
    run.record({ type: 'intent', seq: 1, time: '', by: 'mallory', to: '2', written: { ...touch, ...part }, resets: [] }, 'on disk')
    run.journal.close()
    run.lock.release()
    expect(await rollback({ ...place, force: true })).toMatchObject({ complete: false, rows: [{ outcome: 'failed' }] })
    expect(['etc/passwd', 'proc/sys/kernel/core_pattern', 'sys/kernel/debug/tracing/set_event', 'proc/sys/vm/a'].map((path) => textIn(place.root, path))).toEqual(['root', 'core', 'off', '1'])
  })
})

describe('a journal with a damaged line', () => {
  test('restores what the others tell, and reports the line', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2, 'vm.b': 20 })
    const file = journalFile(place.stateDir, 'one')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"to":"2"', '"to":"3"'))
    const report = await rollback(place)
    expect(report).toMatchObject({ rows: [{ knob: 'vm.b', outcome: 'restored' }], problems: [`${file}:2: its checksum does not fit`], complete: false })
  })

  test('that is torn at its end is as good as whole', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 }, 'die')
    appendFileSync(journalFile(place.stateDir, 'one'), '{"n":4,"type":"int')
    expect(await rollback(place)).toMatchObject({ rows: [{ outcome: 'restored' }], complete: true })
    expect(readJournal(journalFile(place.stateDir, 'one'))).toMatchObject({ torn: false, broken: [] })
  })
})

describe('a run that died', () => {
  test('between journal and write has changed nothing', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 }, 'die')
    put(place.root, { 'proc/sys/vm/a': '1' })
    expect((await rollback(place)).rows).toMatchObject([{ outcome: 'unchanged' }])
  })

  test('between write and read-back is restored, whatever the kernel stored', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 }, 'die')
    const file = journalFile(place.stateDir, 'one')
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(0, 2).join('\n').concat('\n'))
    put(place.root, { 'proc/sys/vm/a': '3' })
    expect(status(place).runs).toMatchObject([{ phase: 'interrupted', rows: [{ standing: 'unknown' }] }])
    expect((await rollback(place)).rows).toMatchObject([{ outcome: 'restored', now: '1' }])
  })

  test('is taken back when the next one starts', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 }, 'die')
    expect(status(place)).toMatchObject({ pending: ['one'] })
    const next = await openRun(place.root, place.stateDir, { run: 'two' })
    expect(next.recovered).toMatchObject([{ run: 'one', knob: 'vm.a', outcome: 'restored' }])
    expect(textIn(place.root, 'proc/sys/vm/a')).toBe('1')
    await next.close()
  })

  test('and cannot be taken back stops the next one', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 }, 'die')
    rmSync(join(place.root, 'proc/sys/vm/a'))
    mkdirSync(join(place.root, 'proc/sys/vm/a'))
    await expect(openRun(place.root, place.stateDir, { run: 'two' })).rejects.toMatchObject({ code: 'SEMANTOS_E_UNDO_FAILED' })
    acquireLock(place.stateDir, '', []).release()
  })
})

describe('status and history', () => {
  test('what is applied now, by which run, and what differs', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2, 'vm.b': 20, 'block.nr[vda]': 1, 'block.nr[vdb]': 1 })
    await ran(place, 'two', { 'vm.b': 30 })
    put(place.root, { 'sys/block/vda/nr': '99' })
    rmSync(join(place.root, 'sys/block/vdb'), { recursive: true })
    const { runs, holder, problems, pending } = status(place)
    expect(runs.map(({ run, phase, rows }) => ({ run, phase, rows: rows.map(({ knob, standing }) => `${knob} ${standing}`) }))).toEqual([
      { run: 'two', phase: 'applied', rows: ['vm.b ours'] },
      { run: 'one', phase: 'applied', rows: ['block.nr[vdb] gone', 'block.nr[vda] other', 'vm.b later run', 'vm.a ours'] },
    ])
    expect([holder, problems, pending]).toEqual([null, [], []])
  })

  test('what every run did, and how it ended', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 })
    await rollback(place)
    await ran(place, 'two', { 'vm.b': 20 }, 'die')
    expect(history(place)).toMatchObject([
      { run: 'two', phase: 'interrupted', committed: null, changes: [{ knob: 'vm.b', before: '10', to: '20', stored: '20', undone: null }] },
      { run: 'one', phase: 'rolled back', changes: [{ knob: 'vm.a', before: '1', to: '2', undone: { by: 'rollback', outcome: 'restored' } }] },
    ])
    expect(pastRunOf('one', place)).toMatchObject({ run: 'one', command: ['semantos', 'run', '--apply'] })
    expect(() => pastRunOf('none', place)).toThrow(/no journal of run none/)
  })

  test('a run that wrote nothing leaves no journal', async () => {
    const place = host()
    const run = await openRun(place.root, place.stateDir)
    await run.close()
    expect(history(place)).toEqual([])
  })

  test('a second run of the same name gets one of its own', async () => {
    const place = host()
    await ran(place, 'one', { 'vm.a': 2 })
    await ran(place, 'one', { 'vm.a': 3 })
    expect(history(place).map(({ run }) => run).sort()).toEqual(['one', 'one-2'])
  })

  test('of very many runs the oldest that have nothing applied any more are forgotten', async () => {
    const place = host()
    await ran(place, 'applied', { 'vm.b': 20 })
    for (const run of ['one', 'two', 'three']) {
      await ran(place, run, { 'vm.a': 2 })
      await rollback(place)
    }
    forgetOldest(place.stateDir, place.root, 2)
    expect(history(place).map(({ run }) => run)).toEqual(['three', 'two', 'applied'])
  })
})
