import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { SnapshotDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import nginx from './index.js'
import { startNginx } from './nginx.js'
import { metricsOf, parseStubStatus } from './stub-status.js'

async function collect(url: string, timeout_ms = 20_000) {
  const kit = await mount(nginx({ url, window_ms: 50, timeout_ms }))
  try {
    return (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(new Date())
  } finally {
    await kit.kernel.dispose()
  }
}

const installed = spawnSync('nginx', ['-v']).error === undefined

describe('beside a real nginx', { skip: installed ? false : 'nginx is not installed' }, () => {
  let server: Awaited<ReturnType<typeof startNginx>>
  before(async () => void (server = await startNginx()))
  after(() => server.stop())
  const status = async () => parseStubStatus(await (await fetch(server.status)).text(), server.status)

  test('its page is counted right: five requests, and the second look itself', async () => {
    const first = await status()
    for (let request = 0; request < 5; request++) await (await fetch(server.url)).text()
    const second = await status()
    assert.equal(second.requests - first.requests, 6)
    assert.equal(second.accepted, second.handled)
  })

  test('all metrics are in the snapshot, stamped with this plugin', async () => {
    const { metrics, missing } = await collect(server.status)
    assert.deepEqual(missing, [])
    assert.deepEqual(
      metrics.map(({ name }) => name),
      ['accepts_per_s', 'active_connections', 'drops_per_s', 'reading_connections', 'requests_per_s', 'waiting_connections', 'writing_connections'].map((name) => `nginx.${name}`),
    )
    assert.ok(metrics.every(({ source }) => source === '@acme/semantos-telemetry-nginx'))
    assert.ok((metrics.find(({ name }) => name === 'nginx.requests_per_s')?.value ?? 0) > 0)
  })

  test('another page of it is a mistake that names the address', async () => {
    await assert.rejects(collect(`${server.url}/`), { code: 'SEMANTOS_E_DATA_INVALID', place: `${server.url}/` })
  })
})

test('rates come from two looks, and what was accepted but not handled was dropped', () => {
  const first = { active: 1, accepted: 100, handled: 100, requests: 1000, reading: 0, writing: 1, waiting: 0 }
  const second = { active: 9, accepted: 300, handled: 280, requests: 1500, reading: 1, writing: 2, waiting: 6 }
  const values = Object.fromEntries(metricsOf(first, second, 2).map(({ name, value }) => [name, value]))
  assert.deepEqual(values, {
    'nginx.active_connections': 9,
    'nginx.reading_connections': 1,
    'nginx.writing_connections': 2,
    'nginx.waiting_connections': 6,
    'nginx.accepts_per_s': 100,
    'nginx.requests_per_s': 250,
    'nginx.drops_per_s': 10,
  })
})

describe('a server that', () => {
  /** Answers each request with the next of these; the last one again and again. */
  async function serve(...answers: { readonly status?: number; readonly text: string | null }[]) {
    let asked = 0
    const server = createServer((_, response) => {
      const { status = 200, text } = answers[Math.min(asked++, answers.length - 1)] ?? { text: '' }
      if (text !== null) response.writeHead(status).end(text)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const stop = async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
    return { url: `http://127.0.0.1:${address.port}/`, [Symbol.asyncDispose]: stop }
  }
  const page = (accepted: number) => `Active connections: 1 \nserver accepts handled requests\n ${accepted} ${accepted} 9 \nReading: 0 Writing: 1 Waiting: 0 \n`

  test('is not there is a missing metric, not a crash', async () => {
    const server = await serve()
    await server[Symbol.asyncDispose]()
    const { metrics, missing } = await collect(server.url)
    assert.deepEqual(metrics, [])
    assert.match(missing[0]?.reason ?? '', /does not answer: .*ECONNREFUSED/)
  })

  test('never answers is given up', async () => {
    await using server = await serve({ text: null })
    assert.match((await collect(server.url, 300)).missing[0]?.reason ?? '', /does not answer: no answer within 300 ms/)
  })

  test('is overloaded is a missing metric', async () => {
    await using server = await serve({ status: 503, text: 'busy' })
    assert.match((await collect(server.url)).missing[0]?.reason ?? '', /answered 503/)
  })

  test('was restarted between two looks gives no rates', async () => {
    await using server = await serve({ text: page(900) }, { text: page(3) })
    assert.match((await collect(server.url)).missing[0]?.reason ?? '', /restarted/)
  })
})

test('options that cannot be meant are refused', () => {
  for (const options of [{ url: 'file:///etc/passwd' }, { url: 'nginx' }, { window_ms: 0 }]) assert.equal(nginx(options).prepare().success, false)
})
