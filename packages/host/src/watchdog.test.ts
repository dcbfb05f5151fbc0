import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, realpathSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { fakeRoot, knobOf, put, textIn } from '../../../tests/faults/fake-root.js'
import { openRun, stateDir, writableHost } from '../../../tests/faults/writing.js'
import { runGuard } from './watchdog.js'
import { history } from './history.js'
import { confirm, renew } from './lease.js'
import { isProcess } from './processes.js'
import { rollback } from './rollback.js'
import type { Run } from './run.js'
import { status } from './status.js'

const knobs = [knobOf('vm.a')]
/** A lease that does not run out before it is answered, also where the disk or the processors keep us waiting. */
const LONG_MS = 15_000
const uptimeS = () => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])

async function guarded(confirmWithinMs?: number) {
  const place = { root: fakeRoot({ 'proc/sys/vm/a': '1' }), stateDir: stateDir() }
  const run = await openRun(place.root, place.stateDir, { guard: true })
  await writableHost(run, knobs).write([{ ref: 'vm.a', value: 2 }], 'test')
  if (confirmWithinMs !== undefined) {
    run.commit({ confirmWithinMs })
    await run.close()
  }
  return { place, run }
}

async function eventually(check: () => void, limitMs = 60_000): Promise<void> {
  for (const end = performance.now() + limitMs; ;) {
    try {
      check()
      return
    } catch (error) {
      if (performance.now() > end) throw error
      await sleep(25)
    }
  }
}

function guardOf(run: Run) {
  if (!run.guard) throw new Error('the run has no guard')
  return run.guard
}

describe('the guard', () => {
  test('waits in little memory and without the processor', async () => {
    const { run } = await guarded()
    const { pid } = guardOf(run).record
    const said = (key: string) => new RegExp(`^${key}:\\s*(\\w+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    await eventually(() => expect(said('State')).toBe('S'))
    // However busy the machine is: whoever sleeps all the while is not switched to.
    const turns = said('voluntary_ctxt_switches')
    await sleep(200)
    expect(said('voluntary_ctxt_switches')).toBe(turns)
    expect(Number(said('VmRSS'))).toBeLessThan(45 * 1024)
    await run.close()
  })

  test('takes nothing along that could make a process of root load code', async () => {
    vi.stubEnv('NODE_OPTIONS', '--require /tmp/theirs.cjs')
    const { run } = await guarded()
    vi.unstubAllEnvs()
    const { pid } = guardOf(run).record
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter((entry) => !/^(PATH|PWD|OLDPWD|SHLVL|_)=/.test(entry))).toEqual([''])
    expect(realpathSync(`/proc/${pid}/cwd`)).toBe('/')
    await run.close()
  })

  test('lives in a session of its own, so that a closing terminal does not end it', async () => {
    const { run } = await guarded()
    const { pid } = guardOf(run).record
    const session = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3]
    expect(Number(session)).toBe(pid)
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.kill(pid, signal)
    await sleep(50)
    expect(guardOf(run).alive).toBe(true)
    await run.close()
  })

  test('restores what a run left that ended without a word', async () => {
    const { place, run } = await guarded()
    // What a killed process leaves: a lock of a dead process, an open journal, a closed pipe.
    run.lock.release()
    run.journal.close()
    guardOf(run).release()
    await eventually(() => expect(history(place)[0]?.changes[0]?.undone).toMatchObject({ by: 'guard', outcome: 'restored' }))
    expect(textIn(place.root, 'proc/sys/vm/a')).toBe('1')
  })

  test('goes away when the run has ended well', async () => {
    const { place, run } = await guarded()
    run.commit()
    await run.close()
    await eventually(() => expect(isProcess(guardOf(run).record)).toBe(false))
    expect(textIn(place.root, 'proc/sys/vm/a')).toBe('2')
  })

  test.each([['kept', true], ['taken back', false]])('does not ask for the lock where nothing is left to do: the next run begins at once (%s)', async (_what, keep) => {
    const { place, run } = await guarded()
    if (keep) run.commit()
    await run.close()
    const next = await openRun(place.root, place.stateDir)
    const settled = runGuard({ task: 'settle', stateDir: place.stateDir, run: run.id, writeLimitMs: 1000 })
    expect(await Promise.race([settled, sleep(60_000, 'waits for the lock', { ref: false })])).toBe('')
    await next.close()
  })

  test('killed itself, is missed: the run is found at the next look', async () => {
    const { place, run } = await guarded()
    process.kill(guardOf(run).record.pid, 'SIGKILL')
    await eventually(() => expect(guardOf(run).alive).toBe(false))
    run.lock.release()
    run.journal.close()
    expect(status(place)).toMatchObject({ pending: ['test'], runs: [{ phase: 'interrupted', guarded: false }] })
    expect(await rollback(place)).toMatchObject({ rows: [{ outcome: 'restored' }], complete: true })
  })

  test('missing, leaves no lease to be had', async () => {
    const run = await openRun(fakeRoot({ 'proc/sys/vm/a': '1' }), stateDir())
    expect(() => run.commit({ confirmWithinMs: 1000 })).toThrow(/no guard/)
    await run.close()
  })
})

describe('a lease', () => {
  test('runs out: the guard takes the values back', async () => {
    const { place } = await guarded(1000)
    await eventually(() => expect(textIn(place.root, 'proc/sys/vm/a')).toBe('1'))
    await eventually(() => expect(history(place)).toMatchObject([{ phase: 'rolled back', changes: [{ to: '2', stored: '2', undone: { by: 'guard', outcome: 'restored' } }] }]))
    await expect(confirm(place)).rejects.toMatchObject({ code: 'SEMANTOS_E_LEASE_OVER' })
  })

  test('confirmed, the values stay, and the guard goes when it next looks', async () => {
    const { place, run } = await guarded(LONG_MS)
    expect(await confirm(place)).toBe('test')
    await eventually(() => expect(isProcess(guardOf(run).record)).toBe(false))
    expect(textIn(place.root, 'proc/sys/vm/a')).toBe('2')
    expect(status(place).runs).toMatchObject([{ phase: 'applied', deadline: null }])
    await expect(confirm({ ...place, run: 'test' })).rejects.toThrow(/run test waits for no confirmation: it is applied/)
  })

  test('renewed, runs on, and then out', async () => {
    const { place } = await guarded(LONG_MS)
    await renew({ ...place, ms: LONG_MS + 5000 })
    const until = uptimeS() + LONG_MS / 1000 + 4
    await eventually(() => expect(textIn(place.root, 'proc/sys/vm/a')).toBe('1'))
    expect(uptimeS()).toBeGreaterThan(until)
  })

  test('keeps another run out until somebody has decided', async () => {
    const { place } = await guarded(60_000)
    expect(status(place).runs).toMatchObject([{ phase: 'unconfirmed', guarded: true }])
    expect(textIn(place.root, 'proc/sys/vm/a')).toBe('2')
    await expect(openRun(place.root, place.stateDir, { run: 'next' })).rejects.toMatchObject({ code: 'SEMANTOS_E_UNCONFIRMED' })
    await rollback(place)
    await (await openRun(place.root, place.stateDir, { run: 'next' })).close()
  })

  test('does not outlast a restart of the machine: drop-ins go, as they would by the unit at boot', async () => {
    const root = fakeRoot({ 'proc/sys/vm/a': '1', 'proc/sys/kernel/random/boot_id': 'this' })
    const place = { root, stateDir: stateDir() }
    const run = await openRun(root, place.stateDir, { guard: true })
    await writableHost(run, knobs).persist([{ path: '/etc/sysctl.d/99-semantos.conf', text: 'vm.a = 2\n' }], 'test')
    run.commit({ confirmWithinMs: 60_000 })
    await run.close()
    put(root, { 'proc/sys/kernel/random/boot_id': 'next' })
    expect(status(place).runs).toMatchObject([{ phase: 'expired' }])
    const guard = new URL('../dist/watchdog-main.js', import.meta.url).pathname
    const child = spawn(process.execPath, [guard, JSON.stringify({ task: 'recover', ...place })], { stdio: 'ignore' })
    await once(child, 'exit')
    expect(() => textIn(root, 'etc/sysctl.d/99-semantos.conf')).toThrow(/ENOENT/)
  })
})
