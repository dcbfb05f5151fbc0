import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TakesEffect, TrialResult, z } from '@semantos/core'
import { mount, type Mounted } from '@semantos/plugin-kit'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import workloadProbe from './index.js'
import type { Options } from './options.js'

type Written = z.input<typeof Options>

const containing = (text: string): unknown => expect.stringContaining(text)
const error = (message: string): unknown => expect.objectContaining({ code: 'SEMANTOS_E_WORKLOAD', message: containing(message) })
const SHORT = { rate_per_s: 100, duration_s: 0.2, warm_up_s: 0.1, timeout_ms: 10_000 } as const satisfies Partial<Written>
const [WARM_UP, REQUESTS] = [10, 20]
const PATIENCE_MS = 100_000

async function measured(kit: Mounted, renew: TakesEffect[] = []): Promise<TrialResult> {
  const result = await kit.kernel.hooks.measure.run({ arm: 'baseline', index: 0, renew, knobs: new Map() }, kit.cycle)
  if (!result) throw new Error('nothing measured')
  return result
}

async function once(options: Written, renew: TakesEffect[] = []): Promise<TrialResult> {
  await using kit = await mount(workloadProbe({ ...SHORT, ...options }), { timeLimitMs: PATIENCE_MS })
  return await measured(kit, renew)
}

const PASSWORD = 'päss word'
vi.stubEnv('SEMANTOS_TEST_PASSWORD', PASSWORD)
vi.stubEnv('SEMANTOS_TEST_WRONG', 'password')

const folder = () => mkdtempSync(join(tmpdir(), 'semantos-test-'))

/** A service in a process of its own that prints its port; ended with the test. */
async function service(script: string, port = 0): Promise<{ port: number } & AsyncDisposable> {
  const child = spawn(process.execPath, ['-e', script, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = await new Promise<number>((resolve) => child.stdout.once('data', (bytes: Buffer) => resolve(Number(bytes))))
  return { port: said, [Symbol.asyncDispose]: () => ended(child) }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise((resolve) => {
    child.once('exit', resolve)
    child.kill('SIGKILL')
  })
}

/** Counts connections at /connections, answers 503 at /broken, and blocks its event loop for 300 ms at the 30th request of /pause. */
const HTTP = `
  let [connections, requests] = [0, 0]
  const server = require('node:http').createServer({ keepAliveTimeout: 0 }, ({ url }, response) => {
    if (url === '/pause' && ++requests === 30) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    response.writeHead(url === '/broken' ? 503 : 200).end(url === '/connections' ? String(connections) : 'fine')
  }).on('connection', () => connections++)
  server.listen(Number(process.argv.at(-1)), '127.0.0.1', () => console.log(server.address().port))`

const isInstalled = (tool: string) => spawnSync(tool, ['--version']).error === undefined

async function freePort(): Promise<number> {
  await using server = await listening(() => undefined)
  return Number(server.address.split(':')[1])
}

/** Waits until something listens on a port. */
async function answers(port: number): Promise<void> {
  const reached = await new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
  if (reached) return
  await sleep(20)
  await answers(port)
}

/** A server on this side of the test, for protocols. */
async function listening(onConnection: (socket: Socket) => void): Promise<{ address: string } & AsyncDisposable> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined)
    onConnection(socket)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const at = server.address()
  return { address: `127.0.0.1:${at !== null && typeof at === 'object' ? at.port : ''}`, [Symbol.asyncDispose]: async () => void server.close() }
}

describe('HTTP', () => {
  it('shows a pause as its users feel it, which a client that waits for its turn does not', async () => {
    await using server = await service(HTTP)
    const result = await once({ target: { kind: 'http', url: `http://127.0.0.1:${server.port}/pause` }, connections: 1, rate_per_s: 200, duration_s: 1, warm_up_s: 0 })
    expect(result).toMatchObject({ requests: 200, errors: 0, throughput_per_s: 200 })
    expect(result.latency.p99_ms).toBeGreaterThan(200)
    expect(result.latency.max_ms).toBeGreaterThan(290)
    // Of two hundred requests one met the pause: by the client's own watch, p99 knows nothing of it.
    expect(result.counters['uncorrected_p99_ms']).toBeLessThan(result.latency.p99_ms / 2)
  })

  it.each([true, false])('opens a connection for each request, or keeps them: %s', async (keep_alive) => {
    await using server = await service(HTTP)
    const url = `http://127.0.0.1:${server.port}`
    await once({ target: { kind: 'http', url, keep_alive }, connections: 2 })
    const connections = Number(await (await fetch(`${url}/connections`)).text())
    const asking = 1
    if (keep_alive) expect(connections).toBeLessThanOrEqual(2 + asking)
    else expect(connections).toBe(WARM_UP + REQUESTS + asking)
  })

  it('counts failures, and fails where nothing succeeds', async () => {
    await using server = await service(HTTP)
    const target = { kind: 'http', url: `http://localhost:${server.port}/broken?deep=1` } as const
    expect((await once({ target })).errors).toBe(0)
    await expect(once({ target: { kind: 'http', url: `http://127.0.0.1:${server.port}/broken` } })).rejects.toEqual(error(`none of 20 requests to 127.0.0.1:${server.port} succeeded: 20 x status 503`))
    await server[Symbol.asyncDispose]()
    await expect(once({ target })).rejects.toEqual(error('ECONNREFUSED'))
    await expect(once({ target: { kind: 'http', url: 'http://absent.invalid/' } })).rejects.toEqual(error('there is no host absent.invalid'))
  })

  it('says what failed among what succeeded, and counts a time-out with its latency', async () => {
    let requests = 0
    await using server = await listening((socket) => socket.on('data', () => (++requests % 4 === 0 ? undefined : socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'))))
    await using kit = await mount(workloadProbe({ ...SHORT, duration_s: 0.4, warm_up_s: 0, target: { kind: 'http', url: `http://${server.address}/`, keep_alive: false } }), { timeLimitMs: PATIENCE_MS })
    expect(await measured(kit)).toMatchObject({ requests: 30, errors: 10, throughput_per_s: 75, counters: { timeouts: 10 }, latency: { p95_ms: 10_000, max_ms: 10_000 } })
    expect(kit.logged).toEqual(['@semantos/workload-probe: 10 of 40 requests failed: 10 x no answer within 10000 ms'])
  })
})

it('TCP connects, two thousand times a second', async () => {
  await using server = await service(`
    const server = require('node:net').createServer((socket) => socket.on('error', () => {}))
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => console.log(server.address().port))`)
  const result = await once({ target: { kind: 'tcp', address: `127.0.0.1:${server.port}` }, rate_per_s: 2000, duration_s: 1 })
  expect(result).toMatchObject({ requests: 2000, errors: 0, throughput_per_s: 2000 })
})

describe.concurrent('Redis', () => {
  it.runIf(isInstalled('redis-server'))('is pinged, with a password too', async () => {
    const [cwd, port] = [folder(), await freePort()]
    const redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--requirepass', PASSWORD], { cwd, stdio: 'ignore' })
    await using _ = { [Symbol.asyncDispose]: () => ended(redis) }
    const target = { kind: 'redis', address: `127.0.0.1:${port}` } as const
    await answers(port)
    await expect(once({ target })).rejects.toEqual(error('NOAUTH'))
    expect(await once({ target: { ...target, password_env: 'SEMANTOS_TEST_PASSWORD' } })).toMatchObject({ requests: REQUESTS, errors: 0 })
    await expect(once({ target: { ...target, password_env: 'SEMANTOS_TEST_WRONG', keep_alive: false } })).rejects.toEqual(error('WRONGPASS'))
  })

  it('is asked PING, over connections that are kept', async () => {
    let connections = 0
    await using server = await listening((socket) => {
      connections++
      // In two parts, as a network may deliver it.
      socket.on('data', (bytes) => {
        for (const _ of bytes.toString().matchAll(/PING\r\n/g)) {
          socket.write('+PO')
          setImmediate(() => socket.write('NG\r\n'))
        }
      })
    })
    expect(await once({ target: { kind: 'redis', address: server.address }, connections: 2 })).toMatchObject({ requests: REQUESTS, errors: 0 })
    expect(connections).toBeLessThanOrEqual(2)
    await once({ target: { kind: 'redis', address: server.address, keep_alive: false } })
    expect(connections).toBeGreaterThanOrEqual(WARM_UP + REQUESTS)
  })

  it('that refuses, or is none, is an error with what it said', async () => {
    await using server = await listening((socket) => socket.on('data', () => socket.write('-NOAUTH Authentication required.\r\n')))
    await expect(once({ target: { kind: 'redis', address: server.address } })).rejects.toEqual(error('Redis said "-NOAUTH Authentication required."'))
    await using closing = await listening((socket) => socket.end())
    await expect(once({ target: { kind: 'redis', address: closing.address } })).rejects.toEqual(error('the service closed the connection'))
    await expect(once({ target: { kind: 'redis', address: closing.address, password_env: 'SEMANTOS_TEST_UNSET' } })).rejects.toEqual(error('the environment has no SEMANTOS_TEST_UNSET'))
  })
})

/** A message of PostgreSQL's protocol. */
function pg(type: string, body: Buffer): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
const authentication = (kind: number) => pg('R', Buffer.from([0, 0, 0, kind]))

describe.concurrent('PostgreSQL', () => {
  it.each<[string, readonly Buffer[], string]>([
    ['refuses', [pg('E', Buffer.from('SFATAL\0C28000\0Mno such role\0\0'))], 'PostgreSQL said "no such role"'],
    ['asks for GSSAPI', [authentication(7)], 'asks for authentication 7, which the probe does not speak'],
    ['asks for a password that nobody gave', [authentication(3)], 'the server asks for a password; name the variable that holds it with password_env'],
    ['is another service', [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')], 'not PostgreSQL'],
    ['closes', [], 'the service closed the connection'],
    ['fails in the query', [authentication(0), pg('Z', Buffer.from('I')), pg('E', Buffer.from('SERROR\0Mout of shared memory\0\0')), pg('Z', Buffer.from('I'))], 'PostgreSQL said "out of shared memory"'],
    ['says little before it closes', [authentication(0), pg('E', Buffer.from('SFATAL\0Mtoo many connections\0\0'))], 'too many connections'],
  ])('that %s is an error', async (_, replies, message) => {
    await using server = await listening((socket) => socket.once('data', () => socket.end(Buffer.concat(replies))))
    await expect(once({ target: { kind: 'postgres', address: server.address } })).rejects.toEqual(error(message))
  })

  describe.runIf(isInstalled('pg_config') && process.getuid?.() === 0)('of Debian', () => {
    const data = folder()
    let port = 0
    let server: ChildProcess | null = null
    let binaries = ''
    /** Not synchronous: other tests keep their rates meanwhile. */
    const asPostgres = async (tool: string, args: readonly string[], input = '') => {
      const child = spawn('runuser', ['-u', 'postgres', '--', join(binaries, tool), ...args], { cwd: data, stdio: ['pipe', 'ignore', 'ignore'] })
      child.stdin.end(input)
      await new Promise((resolve) => child.once('exit', resolve))
    }

    beforeAll(async () => {
      port = await freePort()
      binaries = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim()
      execFileSync('chown', ['postgres', data])
      await asPostgres('initdb', ['-D', data, '--no-sync', '-A', 'trust'])
      const roles = [['trusted', 'scram-sha-256'], ['clear', 'scram-sha-256'], ['hashed', 'md5'], ['scram', 'scram-sha-256']]
      await asPostgres('postgres', ['--single', '-D', data, 'postgres'], roles.map(([role, encryption]) => `set password_encryption = '${encryption}'; create role ${role} login password '${PASSWORD}'\n`).join(''))
      const methods = [['trusted', 'trust'], ['clear', 'password'], ['hashed', 'md5'], ['scram', 'scram-sha-256']]
      writeFileSync(join(data, 'pg_hba.conf'), methods.map(([role, method]) => `host all ${role} 127.0.0.1/32 ${method}\n`).join(''))
      server = spawn('runuser', ['-u', 'postgres', '--', join(binaries, 'postgres'), '-D', data, '-p', String(port), '-c', 'fsync=off', '-c', `unix_socket_directories=${data}`], { cwd: data, stdio: 'ignore' })
      await answers(port)
    })
    afterAll(async () => {
      await asPostgres('pg_ctl', ['-D', data, '-m', 'immediate', 'stop'])
      if (server) await ended(server)
      rmSync(data, { recursive: true })
    })

    it.each(['trusted', 'clear', 'hashed', 'scram'])('is asked over connections that are kept, and over new ones: %s', async (user) => {
      const target = { kind: 'postgres', address: `127.0.0.1:${port}`, user, password_env: 'SEMANTOS_TEST_PASSWORD' } as const
      expect(await once({ target })).toMatchObject({ requests: REQUESTS, errors: 0 })
      expect(await once({ target: { ...target, keep_alive: false } })).toMatchObject({ requests: REQUESTS, errors: 0 })
      if (user !== 'trusted') await expect(once({ target: { ...target, password_env: 'SEMANTOS_TEST_WRONG' } })).rejects.toEqual(error('password authentication failed'))
      })

    it('may be asked another query', async () => {
      const target = { kind: 'postgres', address: `127.0.0.1:${port}`, user: 'trusted' } as const
      expect((await once({ target: { ...target, query: 'SELECT pg_sleep(0.03)' } })).latency.p50_ms).toBeGreaterThan(29)
      await expect(once({ target: { ...target, query: 'SELECT nothing' } })).rejects.toEqual(error('column \\"nothing\\" does not exist'))
    })
  })
})

describe.concurrent('what must be made anew', () => {
  const asked: TakesEffect[] = ['at once', 'new connections', 'new sockets', 'next listen()', 'next boot']

  it('is told where it cannot be', async () => {
    await using server = await service(HTTP)
    expect((await once({ target: { kind: 'http', url: `http://127.0.0.1:${server.port}/` } }, asked)).unseen).toEqual(['next listen()', 'next boot'])
  })

  it('is had by a restart, once it is asked for', async () => {
    const [cwd, port] = [folder(), await freePort()]
    const pid = join(cwd, 'pid')
    writeFileSync(join(cwd, 'server.cjs'), HTTP)
    // The port is free once the process before is gone.
    const command = `[ -e ${pid} ] && kill $(cat ${pid}) && while grep -qs 'State:[^Z]*$' /proc/$(cat ${pid})/status; do sleep 0.01; done; setsid ${JSON.stringify(process.execPath)} ${join(cwd, 'server.cjs')} ${port} & echo $! > ${pid}`
    await using _ = { [Symbol.asyncDispose]: async () => void process.kill(Number(readFileSync(pid, 'utf8'))) }
    await using kit = await mount(workloadProbe({ ...SHORT, target: { kind: 'http', url: `http://127.0.0.1:${port}/` }, restart: { command, within_s: 60 } }), { timeLimitMs: PATIENCE_MS })
    expect((await measured(kit, asked)).unseen).toEqual(['next boot'])
    const first = readFileSync(pid, 'utf8')
    await measured(kit, ['new connections'])
    expect(readFileSync(pid, 'utf8')).toBe(first)
    await measured(kit, ['next listen()'])
    expect(readFileSync(pid, 'utf8')).not.toBe(first)
  })

  it('is an error where the restart fails', async () => {
    const target = { kind: 'tcp', address: `127.0.0.1:${await freePort()}` } as const
    await expect(once({ target, restart: { command: 'exit 3' } }, asked)).rejects.toEqual(error('restart: "exit 3" ended with status 3'))
    await expect(once({ target, restart: { command: 'sleep 60', within_s: 0.2 } }, asked)).rejects.toEqual(error('had not ended after 0.2 s'))
    await expect(once({ target, restart: { command: 'true', within_s: 5 } }, asked)).rejects.toEqual(error('does not answer within 5 s: connect ECONNREFUSED'))
  })
})

it('a trial that is cut off ends at once, and nothing keeps the process', async () => {
  await using server = await service(HTTP)
  await using kit = await mount(workloadProbe({ ...SHORT, duration_s: 60, target: { kind: 'http', url: `http://127.0.0.1:${server.port}/` } }), { timeLimitMs: 300 })
  await expect(measured(kit)).rejects.toMatchObject({ code: 'SEMANTOS_E_PLUGIN_TIMEOUT' })
  const from = performance.now()
  await kit.kernel.dispose()
  // And not when the minute of the trial is over.
  expect(performance.now() - from).toBeLessThan(30_000)
})
