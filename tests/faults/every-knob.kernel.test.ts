import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import catalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import { describe, expect, test } from 'vitest'
import { z } from '@semantos/core'
import { rollback } from '@semantos/host'
import { knobOf } from './fake-root.js'
import { mayTouchKernel } from './kernel.js'
import { openRun, stateDir, writableHost } from './writing.js'

/** debugfs at its usual place, mounted for a test where it is not. */
function mountedDebugfs(): Disposable & { readonly folder: string } {
  const folder = '/sys/kernel/debug'
  const mounted = existsSync(`${folder}/sched`) || attempt(() => execFileSync('mount', ['-t', 'debugfs', 'none', folder])) === null
  return { folder, [Symbol.dispose]: () => void (mounted || execFileSync('umount', [folder])) }
}

function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}

const Said = z.strictObject({
  present: z.int(), changed: z.array(z.string()), same: z.array(z.string()), refused: z.array(z.string()), closing: z.string().nullable(), different: z.array(z.string()),
})

describe.skipIf(!mayTouchKernel)('the real kernel (needs root)', () => {
  test('every knob of the catalogue that this host has is written and restored, byte for byte', async () => {
    const child = fileURLToPath(new URL('every-knob-child.mjs', import.meta.url))
    // In a network namespace of its own: what is namespaced is not even touched on the host.
    const { stdout } = await promisify(execFile)('unshare', ['--net', process.execPath, child, JSON.stringify({ stateDir: stateDir() })])
    const json: unknown = JSON.parse(stdout)
    const { present, changed, same, refused, closing, different } = Said.parse(json)
    process.stdout.write(`\nreal kernel: ${present} writable settings; ${changed.length} changed and restored, ${same.length} written as they were, ${refused.length} refused by the kernel\n`)
    expect({ different, closing }).toEqual({ different: [], closing: null })
    expect(changed.length).toBeGreaterThan(50)
  }, 600_000)

  const pair = ['vm.dirty_ratio', 'vm.dirty_bytes'] as const
  const knobs = [knobOf(pair[0], { resets: [pair[1]] }), knobOf(pair[1], { resets: [pair[0]] })]
  const look = () => pair.map((name) => readFileSync(`/proc/sys/${name.replace('.', '/')}`, 'latin1'))

  test('of two that exclude each other the one that held is written back', async () => {
    const before = look()
    const place = { stateDir: stateDir() }
    const run = await openRun('/', place.stateDir)
    const host = writableHost(run, knobs)
    try {
      const held = before[0]?.trim() === '0' ? pair[1] : pair[0]
      const other = held === pair[0] ? pair[1] : pair[0]
      const value = other === 'vm.dirty_bytes' ? 268_435_456 : 15
      expect(await host.write([{ ref: other, value }], 'test')).toMatchObject([{ knob: other, before: 0, stored: value }])
      expect(look()).not.toEqual(before)
      run.commit()
    } finally {
      await run.close()
    }
    const report = await rollback(place)
    expect(report.rows.map(({ outcome }) => outcome)).toEqual(['restored', 'restored'])
    expect(look()).toEqual(before)
  })

  const queue = '/sys/block/loop7/queue'
  const switched = ['scheduler', 'nr_requests', 'iosched/fifo_batch']
  test.skipIf(!existsSync(`${queue}/scheduler`))('what a new I/O scheduler makes of the queue is taken back with it (needs a loop device)', async () => {
    const settings = () => switched.map((name) => readFileSync(`${queue}/${name}`, 'latin1'))
    const set = (name: string, text: string) => writeFileSync(`${queue}/${name}`, text)
    const found = readFileSync(`${queue}/nr_requests`, 'latin1')
    const place = { stateDir: stateDir() }
    try {
      set('scheduler', 'mq-deadline')
      set('nr_requests', '64')
      set('iosched/fifo_batch', '5')
      const before = settings()
      await using kit = await mount(catalogue(), { root: '/' })
      const run = await openRun('/', place.stateDir)
      const host = writableHost(run, [...kit.catalogue].filter(({ name }) => name.startsWith('block.')))
      await host.write([{ ref: 'block.scheduler[loop7]', value: 'none' }], 'test')
      run.commit()
      await run.close()
      await rollback(place)
      expect(settings()).toEqual(before)
    } finally {
      set('scheduler', 'none')
      set('nr_requests', found)
    }
  })

  test('features of the scheduler are turned one by one and taken back', async (context) => {
    using debugfs = mountedDebugfs()
    const features = `${debugfs.folder}/sched/features`
    const shown = () => readFileSync(features, 'latin1')
    const before = attempt(shown)
    if (before === null) return context.skip('this kernel shows no scheduler features: it is locked down, or was built without them')
    const place = { stateDir: stateDir() }
    await using kit = await mount(catalogue(), { root: '/' })
    const run = await openRun('/', place.stateDir)
    const host = writableHost(run, [...kit.catalogue].filter(({ name }) => name.startsWith('sched.features.')))
    const known = [...kit.catalogue].filter(({ name }) => name.startsWith('sched.features.')).flatMap((knob) => kit.kernel.host.readKnob(knob)).filter((reading) => reading.status === 'present')
    for (const { knob, value } of known) await host.write([{ ref: knob, value: value === 1 ? 0 : 1 }], 'test')
    expect(shown().split(' ').filter((word) => !before.split(' ').includes(word))).toHaveLength(known.length)
    run.commit()
    await run.close()
    expect((await rollback(place)).rows.map(({ outcome }) => outcome)).toEqual(known.map(() => 'restored'))
    expect(shown()).toBe(before)
  })

  test('a value that the kernel refuses leaves nothing changed', async () => {
    const before = readFileSync('/proc/sys/vm/swappiness', 'latin1')
    const run = await openRun('/', stateDir())
    const host = writableHost(run, [knobOf('vm.swappiness')])
    await expect(host.write([{ ref: 'vm.swappiness', value: 10_000 }], 'test')).rejects.toThrow('vm.swappiness = 10000: the kernel does not accept this value (EINVAL)')
    await run.close()
    expect(readFileSync('/proc/sys/vm/swappiness', 'latin1')).toBe(before)
  })
})
