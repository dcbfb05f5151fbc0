import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stateDir } from '../../../tests/faults/writing.js'
import { acquireLock, lockHolder, waitForLock } from './lock.js'
import { ownIdentity } from './processes.js'

function emptyDir(): string {
  const dir = stateDir()
  mkdirSync(dir, { recursive: true })
  return dir
}

function leftBy(dir: string, holder: object): void {
  writeFileSync(join(dir, 'lock.7'), JSON.stringify({ ...ownIdentity(), run: 'old', since: 'then', command: 'semantos run', ...holder }))
}

describe('the lock', () => {
  test('is held by one, who is named to the other', () => {
    const dir = emptyDir()
    const lock = acquireLock(dir, 'first', ['semantos', 'run'])
    expect(() => acquireLock(dir, 'second', [])).toThrow(new RegExp(`process ${process.pid} has held the lock since .*, for run first: semantos run`))
    expect(lockHolder(dir)).toMatchObject({ pid: process.pid, run: 'first' })
    lock.release()
    expect(lockHolder(dir)).toBeNull()
    acquireLock(dir, 'second', []).release()
  })

  test('leaves one file behind, however often it was taken', () => {
    const dir = emptyDir()
    for (let time = 0; time < 5; time++) acquireLock(dir, 'r', []).release()
    expect(readdirSync(dir)).toEqual(['lock.5'])
  })

  test.each([
    ['a process that is gone', { pid: 4_000_000 }],
    ['another process that has its number now', { started_ticks: '1' }],
    ['another boot', { boot_id: 'another' }],
  ])('of %s is taken over', (_, holder) => {
    const dir = emptyDir()
    leftBy(dir, holder)
    const lock = acquireLock(dir, 'new', [])
    expect(lockHolder(dir)).toMatchObject({ run: 'new' })
    lock.release()
  })

  test('that a crash cut short is taken over', () => {
    const dir = emptyDir()
    writeFileSync(join(dir, 'lock.3'), '{"pid":1,"sta')
    acquireLock(dir, 'new', []).release()
  })

  test('of this very process is respected', () => {
    const dir = emptyDir()
    leftBy(dir, {})
    expect(() => acquireLock(dir, 'new', [])).toThrow(/for run old/)
  })

  test('is waited for', async () => {
    const dir = emptyDir()
    const first = acquireLock(dir, 'first', [])
    setTimeout(() => first.release(), 60)
    const second = await waitForLock(dir, 'second', [], 60_000)
    expect(lockHolder(dir)?.run).toBe('second')
    second.release()
    const third = acquireLock(dir, 'third', [])
    await expect(waitForLock(dir, 'fourth', [], 50)).rejects.toMatchObject({ code: 'SEMANTOS_E_LOCKED' })
    third.release()
  })
})

// Each process adds one to a number under the lock, in two steps; some die in between. Two at once would lose an addition.
const CONTENDER = `
const { waitForLock } = await import(process.argv[1])
const { readFileSync, writeFileSync } = await import('node:fs')
const [dir, file, times] = process.argv.slice(2)
for (let time = 0; time < Number(times); time++) {
  const lock = await waitForLock(dir, 'r', [], 60000)
  const before = Number(readFileSync(file, 'utf8'))
  for (const end = performance.now() + Math.random() * 2; performance.now() < end;);
  writeFileSync(file, String(before + 1))
  process.stdout.write('+')
  if (Math.random() < 0.1) process.kill(process.pid, 'SIGKILL')
  lock.release()
}`

test('many processes, some of which are killed while they hold it: never two at once', async () => {
  const dir = emptyDir()
  const file = join(dir, 'counter')
  writeFileSync(file, '0')
  const core = new URL('../dist/index.js', import.meta.url).href
  const counts = await Promise.all(Array.from({ length: 6 }, () => new Promise<number>((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', CONTENDER, core, dir, file, '20'], { stdio: ['ignore', 'pipe', 'inherit'] })
    let additions = 0
    child.stdout.on('data', (data: Buffer) => (additions += data.length))
    child.on('close', () => resolve(additions))
  })))
  expect(Number(readFileSync(file, 'utf8'))).toBe(counts.reduce((sum, count) => sum + count, 0))
})
