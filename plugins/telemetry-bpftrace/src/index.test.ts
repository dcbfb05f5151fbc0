import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from '@semantos/core'
import { SnapshotDraft, WatchDraft } from '@semantos/core/kernel'
import { mount, type Mounted } from '@semantos/plugin-kit'
import { afterAll, describe, expect, it } from 'vitest'
import bpftrace from './index.js'
import { Options } from './options.js'

const scratch = mkdtempSync(join(tmpdir(), 'bpftrace-'))

/** A program that stands in for bpftrace where it is about what bpftrace might do wrong. */
function script(name: string, text: string): string {
  const path = join(scratch, name)
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
  return path
}

/** The real bpftrace with tracefs mounted, where nobody else sees that. */
const REAL = script('real', `exec unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing && exec bpftrace "$@"' sh "$@"`)

function whyNot(): string | null {
  if (process.getuid?.() !== 0) return 'BPF needs root'
  try {
    execFileSync(REAL, ['-e', 'BEGIN { exit(); }'], { stdio: 'ignore', timeout: 60_000 })
    return null
  } catch (error) {
    return `bpftrace does not run here: ${String(error)}`
  }
}

/** What a script's last probe says. */
const ATTACHED = `printf '%s\\n' '{"type": "printf", "data": "in place\\n"}'`

async function collect(kit: Mounted) {
  return (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(kit.kernel.now())
}

const alive = (pid: number) => existsSync(`/proc/${pid}/stat`) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))

describe('where bpftrace cannot be had', () => {
  it.each([
    ['is not there', join(scratch, 'gone'), /^not available, because there is no program .*gone: install bpftrace/],
    ['may not be run', scratch, /^not available, because .* may not be run by this user/],
    ['refuses another user than root', script('no-root', 'echo "ERROR: bpftrace currently only supports running as the root user." >&2; exit 1'), /because BPF is for root/],
    ['dies without a word', script('dies', 'kill -SEGV $$'), /bpftrace failed: it was ended by SIGSEGV/],
    ['ends at once', script('ends', 'exit 0'), /before its probes were attached/],
    ['prints nonsense', script('nonsense', `${ATTACHED}; echo "<html>"`), /line 2 of bpftrace's output is no message in JSON: <html>/],
    ['prints without end', script('floods', 'exec yes'), /printed more than 1048576 bytes/],
  ])('each metric is missing with the reason: it %s', async (_what, program, reason) => {
    await using kit = await mount(bpftrace({ program, window_ms: 100 }))
    const { metrics, missing } = await collect(kit)
    expect(metrics).toEqual([])
    expect(missing).toHaveLength(12)
    for (const each of missing) expect(each.reason).toMatch(reason)
    expect(missing.map(({ name }) => name)).toContain('bpf.runqueue_latency_p95_us')
  })

  it('a trial goes on, the operator is told once, and the next trial does not ask again', async () => {
    const starts = join(scratch, 'starts')
    await using kit = await mount(bpftrace({ program: script('counted', `echo started >>${starts}; exit 1`), histograms: ['block'] }))
    for (let trial = 0; trial < 3; trial++) expect(await (await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)).end()).toEqual([])
    expect(readFileSync(starts, 'utf8')).toBe('started\n')
    expect(kit.logged).toEqual([expect.stringContaining('bpftrace failed: it ended with status 1')])
  })

  it('a trial goes on without the program', async () => {
    await using kit = await mount(bpftrace({ program: join(scratch, 'gone') }))
    for (let trial = 0; trial < 2; trial++) expect(await (await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)).end()).toEqual([])
    expect(kit.logged).toEqual([expect.stringContaining('not available, because there is no program')])
  })
})

describe('a tracer that hangs', () => {
  /** Prints its process id into a file and then does what it is told. */
  const hanging = (name: string, then: string) => {
    const file = join(scratch, `${name}.pid`)
    return { program: script(name, `echo $$ >${file}; ${then}`), pid: () => Number(readFileSync(file, 'utf8')) }
  }

  it('is killed when the time of collect is up', async () => {
    const { program, pid } = hanging('never-attaches', 'exec sleep 60')
    await using kit = await mount(bpftrace({ program, histograms: ['block'] }), { timeLimitMs: 5000 })
    await expect(collect(kit)).rejects.toMatchObject({ code: 'SEMANTOS_E_PLUGIN_TIMEOUT' })
    await expect.poll(() => alive(pid())).toBe(false)
  })

  it('is killed when it does not end', async () => {
    const { program, pid } = hanging('ignores-signals', `trap '' INT TERM; ${ATTACHED}; while :; do sleep 0.1; done`)
    await using kit = await mount(bpftrace({ program, histograms: ['block'], window_ms: 100 }), { timeLimitMs: 100_000 })
    const { missing } = await collect(kit)
    expect(missing[0]?.reason).toMatch(/did not end when told to within 12 s/)
    expect(alive(pid())).toBe(false)
  })

  it('is told again when it has missed that it was to end', async () => {
    const printed = fileURLToPath(new URL('../fixtures/runqueue.jsonl', import.meta.url))
    const program = script('misses-one', `trap '' INT; trap 'tail -n +3 "${printed}"; exit 0' TERM; ${ATTACHED}; while :; do sleep 0.05; done`)
    await using kit = await mount(bpftrace({ program, histograms: ['runqueue'], window_ms: 100 }), { timeLimitMs: 100_000 })
    expect((await collect(kit)).missing).toEqual([])
  })

  it('is killed after a trial that never ended: by the next one, and at the end of the run', async () => {
    const { program, pid } = hanging('left-behind', `${ATTACHED}; exec sleep 60`)
    const kit = await mount(bpftrace({ program, histograms: ['block'] }))
    await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)
    const first = pid()
    await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)
    const second = pid()
    expect(second).not.toBe(first)
    expect([alive(first), alive(second)]).toEqual([false, true])
    await kit.kernel.dispose()
    expect(alive(second)).toBe(false)
  })
})

it.each([{ window_ms: 99 }, { histograms: [] }, { histograms: ['block', 'block'] }, { histograms: ['disk'] }, { program: '' }])('refuses the options %j', (options) => {
  expect(Options.safeParse(options).success).toBe(false)
})

const reason = whyNot()
describe.skipIf(reason !== null)(`with bpftrace and this kernel${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  const children: ChildProcess[] = []
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
  })
  const start = (program: string, args: readonly string[]) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    return child
  }

  it('measures a window', async () => {
    await using kit = await mount(bpftrace({ program: REAL, window_ms: 500 }), { timeLimitMs: 100_000 })
    const { metrics, missing } = await collect(kit)
    expect(missing.filter(({ reason: why }) => !why.startsWith('nothing happened'))).toEqual([])
    const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
    expect(value('bpf.runqueue_latency_samples')).toBeGreaterThan(0)
    expect(value('bpf.runqueue_latency_p99_us')).toBeGreaterThanOrEqual(value('bpf.runqueue_latency_p50_us'))
    const buckets = metrics.filter(({ name }) => name.startsWith('bpf.runqueue_latency_samples['))
    expect(buckets.reduce((sum, bucket) => sum + bucket.value, 0)).toBe(value('bpf.runqueue_latency_samples'))
  })

  it('shows each load in its histogram, from the start of a trial to its end', async () => {
    await using kit = await mount(bpftrace({ program: REAL }), { timeLimitMs: 100_000 })
    const server = start(process.execPath, ['-e', ACCEPTS_SLOWLY])
    const port = Number(await firstOf(server.stdout))
    const watch = await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)
    const hogs = Array.from({ length: 16 }, () => start('taskset', ['--cpu-list', ownCpu(), 'sh', '-c', 'while :; do :; done']))
    const clients = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'))
    const accepted = Promise.all(clients.map((client) => once(client, 'data')))
    const fsyncs = await writeThrough()
    await sleep(2000)
    await accepted
    for (const hog of hogs) hog.kill('SIGKILL')
    const metrics = new Map((await watch.end()).map(({ name, value }) => [name, value]))
    for (const client of clients) client.destroy()
    server.kill('SIGKILL')
    expect(kit.logged).toEqual([])

    const atLeast = (metric: string, us: number) => [...metrics].reduce((sum, [name, count]) => sum + (Number(new RegExp(`^${metric}_samples\\[from_(\\d+)us\\]$`).exec(name)?.[1] ?? -1) >= us ? count : 0), 0)
    // Sixteen that never sleep share a CPU: each is pushed off by the others and waits for several turns.
    expect(atLeast('bpf.runqueue_latency', 2048)).toBeGreaterThan(16)
    // The server takes one connection a second, and two wait meanwhile.
    expect(atLeast('bpf.accept_queue_wait', 262_144)).toBeGreaterThanOrEqual(1)
    expect(metrics.get('bpf.block_latency_samples')).toBeGreaterThanOrEqual(fsyncs)
  })

  it('ends its tracer when the process that started it is killed', async () => {
    const program = script('real-pid', `echo $$ >${scratch}/real.pid; exec ${REAL} "$@"`)
    const parent = start(process.execPath, ['-e', ATTACH_AND_WAIT, program, new URL('../dist/index.js', import.meta.url).href])
    await firstOf(parent.stdout)
    const pid = Number(readFileSync(`${scratch}/real.pid`, 'utf8'))
    expect(alive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => alive(pid)).toBe(false)
  })
})

const ACCEPTS_SLOWLY = `
  const busy = (socket) => socket.write('accepted') && Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
  const server = require('node:net').createServer(busy).listen(0, '127.0.0.1', () => process.stdout.write(String(server.address().port)))
`

const ATTACH_AND_WAIT = `
  const [program, face] = process.argv.slice(1)
  Promise.all([import(face), import('@semantos/plugin-kit'), import('@semantos/core/kernel')]).then(async ([{ bpftrace }, { mount }, { WatchDraft }]) => {
    const kit = await mount(bpftrace({ program, histograms: ['block'] }), { timeLimitMs: 30000 })
    await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)
    console.log('attached')
    setInterval(() => {}, 1000)
  })
`

async function firstOf(stream: Readable): Promise<string> {
  const [text] = z.tuple([z.string()]).parse(await once(stream.setEncoding('utf8'), 'data'))
  return text
}

/** The first CPU that this process may run on. */
const ownCpu = () => /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'

/** Writes that must reach the disk; how many requests that takes at least: none where the file system is on no disk of this machine. */
async function writeThrough(): Promise<number> {
  const hasDisk = statSync(scratch).dev >= 256
  const fsyncs = hasDisk ? 20 : 0
  const file = await open(join(scratch, 'written'), 'w')
  for (let i = 0; i < fsyncs; i++) {
    await file.write('x'.repeat(4096))
    await file.sync()
  }
  await file.close()
  return fsyncs
}
