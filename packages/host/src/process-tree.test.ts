import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { childrenOf, familyOf, usageOf } from './process-tree.js'

it('finds what a process started, and what that started, with what they use', async () => {
  const busy = "const { spawn } = require('node:child_process'); const child = spawn('sleep', ['60']); const until = Date.now() + 100; while (Date.now() < until); console.log(child.pid); setInterval(() => {}, 1e6)"
  const child = spawn(process.execPath, ['-e', busy], { argv0: 'some-helper', stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = child.pid ?? 0
  const printed: unknown[] = await once(child.stdout, 'data')
  const grandchild = Number(String(printed[0]))
  try {
    expect(childrenOf(process.pid)).toContain(pid)
    expect(childrenOf(process.pid)).not.toContain(grandchild)
    expect(familyOf(pid)).toEqual([pid, grandchild])
    const usage = usageOf(pid)
    expect(usage?.name).toBe('some-helper')
    expect(usage?.cpuMs).toBeGreaterThanOrEqual(50)
    expect(usage?.memoryMb).toBeGreaterThan(10)
    expect(usageOf(grandchild)).toMatchObject({ name: 'sleep' })
  } finally {
    process.kill(grandchild)
    child.kill('SIGKILL')
  }
  await once(child, 'close')
  expect(usageOf(pid)).toBeNull()
  expect(childrenOf(process.pid)).not.toContain(pid)
})
