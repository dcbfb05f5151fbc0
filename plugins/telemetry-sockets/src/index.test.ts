import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { SnapshotDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import { describe, expect, it } from 'vitest'
import sockets from './index.js'
import { socketOf } from './socket.js'
import { Tally } from './tally.js'

const hasSs = ['/usr/bin/ss', '/bin/ss', '/usr/sbin/ss', '/sbin/ss'].some(existsSync)
/** As ss 6.1 prints it. */
const LINE =
  'ESTAB 0 2565120 127.0.0.1:40404 127.0.0.1:45678 users:(("node",pid=7,fd=21),("web",pid=9,fd=3)) cubic wscale:7,7 rto:201 rtt:0.044/0.034 mss:32768 cwnd:10 bytes_sent:6291456 segs_out:200 send 59Gbps lastsnd:96 delivery_rate 8000bps delivered:2 app_limited busy:400ms rwnd_limited:300ms(75.0%) sndbuf_limited:40ms(10.0%) retrans:1/6 minrtt:0.01'

function watched(value: number, first = 0) {
  const socket = socketOf(LINE)
  if (!socket) throw new Error('no socket')
  const tally = new Tally()
  if (first > 0) tally.add([{ ...socket, busyMs: first, windowLimitedMs: first }])
  else tally.add([])
  tally.add([{ ...socket, windowLimitedMs: value }])
  return Object.fromEntries(tally.result().metrics.map((metric) => [metric.name, metric.value]))
}

describe('a line of ss', () => {
  it('is read', () => {
    expect(socketOf(LINE)).toEqual({
      id: '127.0.0.1:40404 127.0.0.1:45678', processes: ['node', 'web'], ports: [40404, 45678], busyMs: 400, windowLimitedMs: 300, bufferLimitedMs: 40,
      retransmits: 6, segmentsOut: 200, rttMs: 0.044, congestionWindow: 10, deliveryBytesPerS: 1000, isAppLimited: true,
    })
  })

  it.each(['', 'Netid State', 'LISTEN 0 128 0.0.0.0:22 0.0.0.0:*'])('that is no connection is none: %j', (line) => {
    expect(socketOf(line)).toBeNull()
  })
})

describe('the shares', () => {
  it('are of the busy time, from the beginning of a connection that is new', () => {
    expect(watched(300)).toMatchObject({ 'tcp_sockets.peer_window_limited_pct': 75, 'tcp_sockets.send_buffer_limited_pct': 10, 'tcp_sockets.retransmitted_pct': 3, 'tcp_sockets.app_limited_pct': 100, 'tcp_sockets.rtt_ms': 0.044 })
  })

  it('are of the window, of a connection that was there before', () => {
    expect(watched(300, 200)).toMatchObject({ 'tcp_sockets.peer_window_limited_pct': 50 })
  })

  it('are missing where nothing was sent', () => {
    const { missing } = new Tally().result()
    expect(missing.map(({ name }) => name)).toContain('tcp_sockets.peer_window_limited_pct')
  })
})

describe.skipIf(!hasSs)('real connections (needs ss)', () => {
  async function limitedShare(reads: boolean, more: object): Promise<Record<string, number>> {
    const peers: Socket[] = []
    const server = createServer((peer) => {
      peers.push(peer)
      peer.on('error', () => undefined)
      if (reads) peer.resume()
      else peer.pause()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address: AddressInfo | string | null = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const client = connect(port, '127.0.0.1')
    client.on('error', () => undefined)
    await once(client, 'connect')
    client.write(Buffer.alloc(32 * 1024 * 1024))
    await using kit = await mount(sockets({ window_ms: 600, every_ms: 100, ports: [port], ...more }))
    const snapshot = (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(new Date(0))
    for (const socket of [client, ...peers]) socket.destroy()
    server.close()
    return Object.fromEntries(snapshot.metrics.map(({ name, value }) => [name, value]))
  }

  it('to a peer that does not read are limited by its window', async () => {
    const metrics = await limitedShare(false, {})
    expect(metrics['tcp_sockets.seen_count']).toBe(2)
    expect(metrics['tcp_sockets.peer_window_limited_pct']).toBeGreaterThan(50)
  })

  it('are left out where the option asks for others', async () => {
    expect((await limitedShare(true, { processes: ['no-such-program'] }))['tcp_sockets.seen_count']).toBe(0)
  })
})

it('says why there is nothing where there is no ss', async () => {
  await using kit = await mount(sockets({ window_ms: 50, program: '/absent/ss' }))
  const snapshot = (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(new Date(0))
  expect(snapshot.missing).toEqual([expect.objectContaining({ name: 'tcp_sockets' })])
})
