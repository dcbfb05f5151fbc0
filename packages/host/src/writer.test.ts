import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { like } from '../../../tests/faults/config-folder.js'
import { fakeRoot, knobOf, put, textIn } from '../../../tests/faults/fake-root.js'
import { openRun, stateDir, writableHost } from '../../../tests/faults/writing.js'
import { journalFile, readJournal } from './journal.js'
import { openHost } from './host.js'

const swappiness = knobOf('vm.swappiness')
const ratio = knobOf('vm.dirty_ratio', { resets: ['vm.dirty_bytes'] })
const bytes = knobOf('vm.dirty_bytes', { resets: ['vm.dirty_ratio'] })
const scheduler = knobOf('block.scheduler', {
  where: { interface: 'sysfs', path: 'block/*/queue/scheduler', per: 'block-device' },
  type: { kind: 'enum', values: [{ value: 'none', meaning: 'none' }, { value: 'mq-deadline', meaning: 'deadline' }], brackets: true, open: false },
})

async function open(files: Record<string, string>, knobs = [swappiness]) {
  const root = fakeRoot(files)
  const dir = stateDir()
  const run = await openRun(root, dir)
  return { root, dir, run, host: writableHost(run, knobs) }
}

function linesOf(dir: string, run = 'test') {
  return readJournal(journalFile(dir, run))?.records ?? []
}

describe('a write', () => {
  test('says what stood there, what was asked for and what is stored', async () => {
    const { root, host } = await open({ 'proc/sys/vm/swappiness': '60' })
    expect(await host.write([{ ref: 'vm.swappiness', value: 10 }], 'test')).toEqual([{ knob: 'vm.swappiness', before: 60, wanted: 10, stored: 10 }])
    expect(textIn(root, 'proc/sys/vm/swappiness')).toBe('10')
  })

  test('stands in the journal before and after, with who and what', async () => {
    const { dir, host } = await open({ 'proc/sys/vm/swappiness': '60' })
    await host.write([{ ref: 'vm.swappiness', value: 10 }], '@semantos/applier-sysctl')
    expect(linesOf(dir)).toMatchObject([
      { type: 'run', run: 'test', version: 1, scope: { kind: 'host' }, command: ['semantos', 'run', '--apply'] },
      { type: 'intent', seq: 1, by: '@semantos/applier-sysctl', to: '10', written: { knob: 'vm.swappiness', interface: 'sysctl', path: 'vm/swappiness', before: '60', restore: '60' } },
      { type: 'stored', seq: 1, texts: ['10'], failed: null },
    ])
  })

  test('of a choice keeps the word to go back to', async () => {
    const { dir, root, host } = await open({ 'sys/block/vda/queue/scheduler': 'none [mq-deadline]' }, [scheduler])
    await host.write([{ ref: 'block.scheduler[vda]', value: 'none' }], 'test')
    expect(linesOf(dir)[1]).toMatchObject({ written: { before: 'none [mq-deadline]', restore: 'mq-deadline', brackets: true } })
    expect(textIn(root, 'sys/block/vda/queue/scheduler')).toBe('none')
  })
})

describe('refused before anything is written', () => {
  test.each([
    ['a knob that is not in the catalogue', { ref: 'vm.other', value: 1 }, 'SEMANTOS_E_KNOB_UNKNOWN'],
    ['a value out of range', { ref: 'vm.swappiness', value: -2_000_000_000 }, 'SEMANTOS_E_KNOB_VALUE'],
    ['a device that is not there', { ref: 'vm.swappiness[vda]', value: 1 }, 'SEMANTOS_E_APPLY_FAILED'],
  ])('%s', async (_, write, code) => {
    const { root, dir, host } = await open({ 'proc/sys/vm/swappiness': '60', 'proc/sys/vm/other': '1' })
    await expect(host.write([{ ref: 'vm.swappiness', value: 10 }, write], 'test')).rejects.toMatchObject({ code })
    expect(textIn(root, 'proc/sys/vm/swappiness')).toBe('60')
    expect(linesOf(dir)).toHaveLength(1)
  })

  test('a file on the deny list, though the catalogue names it', async () => {
    const { root, host } = await open({ 'proc/sys/kernel/core_pattern': 'core' }, [knobOf('kernel.core_pattern')])
    await expect(host.write([{ ref: 'kernel.core_pattern', value: 1 }], 'test')).rejects.toMatchObject({ code: 'SEMANTOS_E_PATH_REFUSED' })
    expect(textIn(root, 'proc/sys/kernel/core_pattern')).toBe('core')
  })

  test('a folder that links out of the interface', async () => {
    const { root, host } = await open({ 'etc/vm/swappiness': '60' })
    symlinkSync('../../etc/vm', join(root, 'proc/sys/vm'))
    await expect(host.write([{ ref: 'vm.swappiness', value: 1 }], 'test')).rejects.toThrow(/outside/)
    expect(textIn(root, 'etc/vm/swappiness')).toBe('60')
  })

  test('every write of a host that was opened for reading', async () => {
    const host = openHost({ root: fakeRoot({ 'proc/sys/vm/swappiness': '60' }) })
    for (const call of [host.write([], 'test'), host.restore([], 'test'), host.persist([], 'test')]) {
      await expect(call).rejects.toMatchObject({ code: 'SEMANTOS_E_APPLY_REFUSED', next: 'Run it as root with --apply; without it, semantos plan shows what would be done.' })
    }
  })

  test('what comes after the commit', async () => {
    const { run, host } = await open({ 'proc/sys/vm/swappiness': '60' })
    run.commit()
    await expect(host.write([{ ref: 'vm.swappiness', value: 1 }], 'test')).rejects.toMatchObject({ code: 'SEMANTOS_E_APPLY_REFUSED' })
  })
})

describe('pairs', () => {
  test('what a write resets is in the journal as well, and a restore writes the one that held', async () => {
    const { root, dir, host } = await open({ 'proc/sys/vm/dirty_ratio': '0', 'proc/sys/vm/dirty_bytes': '1048576' }, [ratio, bytes])
    await host.write([{ ref: 'vm.dirty_ratio', value: 10 }], 'test')
    expect(linesOf(dir)[1]).toMatchObject({ resets: [{ knob: 'vm.dirty_bytes', path: 'vm/dirty_bytes', before: '1048576' }] })
    // The kernel would do this itself: one member zeroes the other.
    put(root, { 'proc/sys/vm/dirty_ratio': '0' })
    expect(await host.restore(['vm.dirty_ratio'], 'test')).toMatchObject([{ outcome: 'unchanged' }])
  })

  test('an order that keeps them sane: a lower bound moves after the upper one where both rise', async () => {
    const knobs = [knobOf('vm.dirty_background_ratio', { not_above: [{ knob: 'vm.dirty_ratio', why: 'the kernel takes half of it instead' }] }), knobOf('vm.dirty_ratio')]
    const { dir, host } = await open({ 'proc/sys/vm/dirty_ratio': '20', 'proc/sys/vm/dirty_background_ratio': '10' }, knobs)
    await host.write([{ ref: 'vm.dirty_background_ratio', value: 30 }, { ref: 'vm.dirty_ratio', value: 40 }], 'test')
    await host.write([{ ref: 'vm.dirty_ratio', value: 20 }, { ref: 'vm.dirty_background_ratio', value: 10 }], 'test')
    const written = linesOf(dir).flatMap((line) => ('to' in line ? [line.to] : []))
    expect(written).toEqual(['40', '30', '10', '20'])
  })
})

describe('a step that fails half-way', () => {
  const files = { 'proc/sys/vm/swappiness': '60', 'proc/sys/vm/second': '7', 'proc/sys/vm/last': '1' }
  const step = [{ ref: 'vm.swappiness', value: 10 }, { ref: 'vm.second', value: 8 }, { ref: 'vm.last', value: 2 }]

  test.each([
    ['a link now', (path: string) => symlinkSync('swappiness', path), /vm\.last cannot be read, so it could not be restored/],
    ['empty now', (path: string) => writeFileSync(path, ''), /vm\.last shows no value, so it could not be restored/],
  ])('because a file is %s, is taken back, newest first, and the error says why', async (_, spoil, why) => {
    const { root, dir, run, host } = await open(files, [swappiness, knobOf('vm.second'), knobOf('vm.last')])
    const writing = host.write(step, 'test')
    // All of the step has been looked at, and the first write is under way.
    while (run.lastSeq === 0) await Promise.resolve()
    rmSync(join(root, 'proc/sys/vm/last'))
    spoil(join(root, 'proc/sys/vm/last'))
    await expect(writing).rejects.toMatchObject({ code: 'SEMANTOS_E_APPLY_FAILED', message: like(why) })
    expect([textIn(root, 'proc/sys/vm/swappiness'), textIn(root, 'proc/sys/vm/second')]).toEqual(['60', '7'])
    expect(linesOf(dir).flatMap((line) => (line.type === 'undone' ? [line.seqs] : []))).toEqual([[2], [1]])
  })
})

describe('a restore', () => {
  test('goes straight back to what stood before the first write of the run', async () => {
    const { root, host } = await open({ 'proc/sys/vm/swappiness': '60' })
    for (const value of [10, 20, 30]) await host.write([{ ref: 'vm.swappiness', value }], 'test')
    expect(await host.restore(['vm.swappiness'], 'test')).toEqual([{ knob: 'vm.swappiness', outcome: 'restored', now: 60, detail: '' }])
    expect(textIn(root, 'proc/sys/vm/swappiness')).toBe('60')
    expect(await host.restore(['vm.swappiness'], 'test')).toMatchObject([{ outcome: 'unchanged' }])
  })

  test('leaves alone what somebody else has changed since', async () => {
    const { root, host } = await open({ 'proc/sys/vm/swappiness': '60' })
    await host.write([{ ref: 'vm.swappiness', value: 10 }], 'test')
    put(root, { 'proc/sys/vm/swappiness': '42' })
    expect(await host.restore(['vm.swappiness'], 'test')).toMatchObject([{ outcome: 'modified externally', now: 42 }])
    expect(textIn(root, 'proc/sys/vm/swappiness')).toBe('42')
  })

  test('of a file that is gone has nothing left to do', async () => {
    const { root, host } = await open({ 'proc/sys/vm/swappiness': '60' })
    await host.write([{ ref: 'vm.swappiness', value: 10 }], 'test')
    rmSync(join(root, 'proc/sys/vm/swappiness'))
    expect(await host.restore(['vm.swappiness'], 'test')).toMatchObject([{ outcome: 'unchanged', now: null, detail: 'the file is gone, and its value with it: this kernel does not have the file (ENOENT)' }])
  })

  test('comes by itself when the run is closed without a commit', async () => {
    const { root, host } = await open({ 'proc/sys/vm/swappiness': '60' })
    await host.write([{ ref: 'vm.swappiness', value: 10 }], 'test')
    await host[Symbol.asyncDispose]()
    expect(textIn(root, 'proc/sys/vm/swappiness')).toBe('60')
  })

  test('does not come after a commit', async () => {
    const { root, run, host } = await open({ 'proc/sys/vm/swappiness': '60' })
    await host.write([{ ref: 'vm.swappiness', value: 10 }], 'test')
    run.commit()
    await host[Symbol.asyncDispose]()
    expect(textIn(root, 'proc/sys/vm/swappiness')).toBe('10')
  })
})

describe('drop-ins', () => {
  test('are written with a journal entry and removed by the undo', async () => {
    const { root, dir, host } = await open({})
    const path = '/etc/sysctl.d/99-semantos.conf'
    await host.persist([{ path, text: 'vm.swappiness = 10\n' }], 'test')
    expect(readFileSync(join(root, path), 'utf8')).toBe('vm.swappiness = 10\n')
    expect(linesOf(dir)[1]).toMatchObject({ type: 'intent', written: { interface: 'drop-in', path, before: null } })
    await host[Symbol.asyncDispose]()
    expect(() => readFileSync(join(root, path))).toThrow(/ENOENT/)
  })

  test.each(['/etc/sysctl.d/99-other.conf', '/etc/passwd', '/etc/sysctl.d/../99-semantos.conf', '/etc/sysctl.d/99-semantos.conf\n'])('%j is none of ours', async (path) => {
    const { host } = await open({})
    await expect(host.persist([{ path, text: 'x' }], 'test')).rejects.toMatchObject({ code: 'SEMANTOS_E_APPLY_FAILED' })
  })

  test('are not written through a folder that is a link', async () => {
    const { root, host } = await open({ 'elsewhere/x': '1', 'etc/x': '1' })
    symlinkSync('../elsewhere', join(root, 'etc/sysctl.d'))
    await expect(host.persist([{ path: '/etc/sysctl.d/99-semantos.conf', text: 'x' }], 'test')).rejects.toThrow(/link/)
  })
})
