import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CONFIG, FILES, FakeHost } from './fake-host.js'
import { bin, workspace } from './semantos.js'

const KNOB = 'proc/sys/vm/swappiness'
const BEFORE = FILES[KNOB]

/** Steps of one knob, and trials that never end while the first of them is applied. */
function config(host: FakeHost, { imports = '', plugins = '' } = {}): string {
  const file = join(workspace('signal'), 'semantos.config.mjs')
  const trial = `while [ "$(cat ${join(host.root, KNOB)})" != ${BEFORE.trim()} ]; do sleep 0.02; done; echo 1`
  writeFileSync(file, `
import command from '@semantos/workload-command'
import staggered from '@semantos/rollout-staggered'
${imports}
import config from ${JSON.stringify(CONFIG)}
export default {
  ...config,
  trials: 2,
  rollout: staggered({ batch: 1 }),
  workload: command({ run: ${JSON.stringify(trial)}, parser: { name: 'jsonl' }, fresh: ['next listen()'] }),
  time_limits_ms: { measure: 600_000 },
  plugins: [${plugins}],
}
`)
  return file
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s after the first value has been applied', (signal) => {
  test.each([
    { command: 'run', words: ['run', '--applier', 'sysctl', '--apply'] },
    { command: 'apply', words: ['apply', 'plan.json', '--yes'] },
  ])('semantos $command takes everything back, says so, and leaves a journal that agrees', async ({ words }) => {
    const host = new FakeHost()
    const file = config(host)
    await host.semantos('plan', '--config', file, '--out', join(host.root, 'plan.json'))
    const child = spawn(process.execPath, [bin, ...words, '--config', file, ...host.here], { cwd: host.root })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise((resolve) => child.on('close', resolve))
    await expect.poll(() => host.read(KNOB), { timeout: 30_000, interval: 10 }).toBe('10\n')
    child.kill(signal)

    expect({ status: await ended, stdout }).toEqual({ status: 130, stdout: '' })
    expect(stderr).toContain(`stopped by ${signal}; whatever was applied has been taken back`)
    for (const path of [KNOB, 'proc/sys/net/core/somaxconn'] as const) expect(host.read(path)).toBe(FILES[path])
    expect(await host.semantos('status')).toMatchObject({ status: 0, stdout: 'nothing is applied\n' })
    const runs: unknown = JSON.parse((await host.semantos('history', '--json')).stdout)
    expect(runs).toMatchObject([{ phase: 'rolled back', committed: null, broken: [], changes: [{ knob: 'vm.swappiness', to: '10', stored: '10', undone: { outcome: 'restored' } }] }])
  })
})

test('a second signal while everything is put back and closed does not cut that short', async () => {
  const host = new FakeHost()
  const closing = join(host.root, 'closing')
  const go = join(host.root, 'go')
  const file = config(host, {
    imports: `import { existsSync, writeFileSync } from 'node:fs'
import { definePlugin, z } from '@semantos/core'
const slowToClose = definePlugin({ name: 'slow-to-close', stage: 'any', api: 1, options: z.strictObject({}), setup(kernel) {
  kernel.hooks.dispose.tapPromise('wait', async () => {
    writeFileSync(${JSON.stringify(closing)}, '')
    while (!existsSync(${JSON.stringify(go)})) await new Promise((done) => setTimeout(done, 10))
  })
} })`,
    plugins: 'slowToClose()',
  })
  const child = spawn(process.execPath, [bin, 'run', '--applier', 'sysctl', '--apply', '--config', file, ...host.here], { cwd: host.root, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise((resolve) => child.on('close', (...how) => resolve(how)))
  await expect.poll(() => host.read(KNOB), { timeout: 30_000, interval: 10 }).toBe('10\n')
  child.kill('SIGINT')
  await expect.poll(() => existsSync(closing), { timeout: 30_000, interval: 10 }).toBe(true)
  child.kill('SIGINT')
  writeFileSync(go, '')

  expect(await ended, stderr).toEqual([130, null])
  expect(stderr).toContain('stopped by SIGINT; whatever was applied has been taken back')
  expect(host.read(KNOB)).toBe(FILES[KNOB])
})

describe.each(['SIGINT', 'SIGTERM'] as const)('%s before the first hook', (signal) => {
  test.each([
    { when: 'while a plugin is set up', imports: '', plugins: 'slow()' },
    { when: 'while the config is loaded', imports: 'await reached()', plugins: '' },
  ])('$when: a message, and nothing left open', async ({ imports, plugins }) => {
    const host = new FakeHost()
    const [reached, closed] = [join(host.root, 'reached'), join(host.root, 'closed')]
    const file = config(host, {
      imports: `import { writeFileSync } from 'node:fs'
import { definePlugin, z } from '@semantos/core'
const reached = () => {
  writeFileSync(${JSON.stringify(reached)}, '')
  return new Promise((resolve) => setTimeout(resolve, 600_000))
}
const any = { stage: 'any', api: 1, options: z.strictObject({}) }
const first = definePlugin({ ...any, name: 'first', setup: ({ hooks }) => hooks.dispose.tapPromise('close', () => writeFileSync(${JSON.stringify(closed)}, '')) })
const slow = definePlugin({ ...any, name: 'slow', setup: reached })
${imports}`,
      plugins: `first(), ${plugins}`,
    })
    const child = spawn(process.execPath, [bin, 'run', '--applier', 'sysctl', '--apply', '--config', file, ...host.here], { cwd: host.root, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise((resolve) => child.on('close', (...how) => resolve(how)))
    await expect.poll(() => existsSync(reached), { timeout: 30_000, interval: 10 }).toBe(true)
    child.kill(signal)

    expect(await ended, stderr).toEqual([130, null])
    expect(stdout).toBe('')
    expect(stderr).toContain(`semantos: stopped by ${signal}; whatever was applied has been taken back [SEMANTOS_E_ABORTED]\n  next:   Run it again.\n`)
    expect(existsSync(closed)).toBe(plugins !== '')
    expect(await host.semantos('status')).toMatchObject({ status: 0, stdout: 'nothing is applied\n' })
    expect(await host.semantos('history', '--json')).toMatchObject({ status: 0, stdout: '[]\n' })
  })
})
