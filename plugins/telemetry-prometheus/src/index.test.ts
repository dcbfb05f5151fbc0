import { type IncomingHttpHeaders, type RequestListener, createServer } from 'node:http'
import { SnapshotDraft, WatchDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import prometheus from './index.js'
import { Options } from './options.js'

type Input = NonNullable<Parameters<typeof prometheus>[0]>

const SECRET = 'Bearer very-private-token'
const QUERIES = { 'app.queue_length': { query: 'sum(queue)', unit: 'count' } }
afterEach(() => void vi.unstubAllEnvs())

/** A real server that answers each query so, on a port of its own. */
async function serverOf(respond: RequestListener) {
  const received: { readonly url: URL; readonly headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    received.push({ url: new URL(request.url ?? '', 'http://server'), headers: request.headers })
    respond(request, response)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const says = (status: number, body: string, headers: Record<string, string> = {}): RequestListener => (_request, response) => void response.writeHead(status, headers).end(body)
const success = (data: unknown) => says(200, JSON.stringify({ status: 'success', data }))
const refuses = (status: number, errorType: string, error: string) => says(status, JSON.stringify({ status: 'error', errorType, error }))
const vector = (...values: string[]) => success({ resultType: 'vector', result: values.map((value, index) => ({ metric: { cpu: String(index) }, value: [1_700_000_000.1, value] })) })
const hangs: RequestListener = () => undefined

async function collect(options: Input) {
  await using kit = await mount(prometheus({ timeout_ms: 60_000, ...options }), { timeLimitMs: 100_000 })
  return (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(kit.kernel.now())
}

/** Collects from a server that answers so. */
async function collectFrom(respond: RequestListener, options: Partial<Input> = {}) {
  await using server = await serverOf(respond)
  return { ...(await collect({ url: server.url, queries: QUERIES, ...options })), received: server.received }
}

describe('an answer', () => {
  it.each([
    ['a scalar', success({ resultType: 'scalar', result: [1_700_000_000, '7.5'] }), 7.5],
    ['a vector of one series', vector('-3e-2'), -0.03],
    ['one with warnings', says(200, JSON.stringify({ status: 'success', warnings: ['slow'], data: { resultType: 'scalar', result: [1, '1'] } })), 1],
  ])('is a metric: %s', async (_what, respond, value) => {
    const { metrics, missing } = await collectFrom(respond)
    expect(metrics).toEqual([{ name: 'app.queue_length', value, unit: 'count', source: '@semantos/telemetry-prometheus' }])
    expect(missing).toEqual([])
  })

  it('is asked for by the query, with its window', async () => {
    const { received } = await collectFrom(vector('1'), { queries: { a: { query: 'rate(x{y="a&b"}[$window]) + rate(z[$window])', unit: 'per_s' } }, window_s: 90 })
    expect(received.map(({ url }) => [url.pathname, url.searchParams.get('query')])).toEqual([['/api/v1/query', 'rate(x{y="a&b"}[90s]) + rate(z[90s])']])
  })

  it('may come from under a prefix', async () => {
    await using server = await serverOf(vector('1'))
    await collect({ url: `${server.url}/prom/`, queries: QUERIES })
    expect(server.received[0]?.url.pathname).toBe('/prom/api/v1/query')
  })
})

describe('what may be otherwise the next time is missing, with its reason', () => {
  const breaks: RequestListener = (_request, response) => void response.destroy()
  const stopsHalfway: RequestListener = (_request, response) => void response.writeHead(200).write('{"status":')

  it.each([
    ['no series', vector(), 'the query gave no series'],
    ['many series', vector('1', '2', '3'), 'gave 3 series, not one: aggregate them'],
    ['NaN', vector('NaN'), 'the query gave NaN'],
    ['infinity', vector('+Inf'), 'the query gave +Inf'],
    ['a query that fails', refuses(422, 'execution', 'many-to-many matching not allowed'), 'HTTP 422: many-to-many matching not allowed'],
    ['503 in JSON', refuses(503, 'timeout', 'query timed out'), 'HTTP 503: query timed out'],
    ['502 of a proxy', says(502, '<html>bad gateway</html>'), 'HTTP 502: <html>bad gateway</html>'],
    ['429', says(429, 'slow\u0007 down'), 'HTTP 429: slow  down'],
    ['a connection that breaks', breaks, 'the server cannot be asked: '],
    ['too much', says(200, ' '.repeat(2 ** 20 + 1)), 'larger than 1048576 bytes'],
    ['no answer', hangs, 'the server cannot be asked: no answer within 1000 ms'],
    ['half an answer', stopsHalfway, 'the server cannot be asked: no answer within 1000 ms'],
  ])('%s', async (_what, respond, reason) => {
    const { metrics, missing } = await collectFrom(respond, respond === hangs || respond === stopsHalfway ? { timeout_ms: 1000 } : {})
    expect(metrics).toEqual([])
    expect(missing).toHaveLength(1)
    expect(missing[0]?.reason).toContain(reason)
  })

  it('nobody at that port, for each of several queries', async () => {
    const gone = await serverOf(hangs)
    await gone[Symbol.asyncDispose]()
    const { missing } = await collect({ url: gone.url, queries: { a: { query: '1', unit: 'count' }, b: { query: '2', unit: 'count' } } })
    expect(missing.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(missing[0]?.reason).toMatch(/^the server cannot be asked: .*ECONNREFUSED/)
  })
})

describe('what stays so until it is corrected is an error', () => {
  it.each([
    ['a query that is refused', refuses(400, 'bad_data', '1:5: parse error: unclosed left parenthesis'), 'the query is refused: 1:5: parse error', /expression browser/],
    ['a range', success({ resultType: 'matrix', result: [] }), 'gives a matrix, not a number', /Correct the query/],
    ['a string', success({ resultType: 'string', result: [1, 'a'] }), 'gives a string, not a number', /Correct the query/],
    ['a histogram', success({ resultType: 'vector', result: [{ metric: {}, histogram: [1, {}] }] }), 'gives a histogram, not a number', /Correct the query/],
    ['401', says(401, 'no'), 'refuses access (HTTP 401)', /headers_env/],
    ['403', says(403, 'no'), 'refuses access (HTTP 403)', /headers_env/],
    ['a redirect', says(302, '', { location: 'http://elsewhere.example/' }), 'redirects to http://elsewhere.example/', /option url/],
    ['a page that is not Prometheus', says(200, '<html>hello</html>'), 'does not answer as Prometheus does (HTTP 200): <html>hello', /Correct the option url/],
    ['another API', says(200, '{"status":"success","data":{"resultType":"vector","result":[{"value":"7"}]}}'), 'does not answer as Prometheus does', /Correct the option url/],
    ['404', says(404, 'not found'), 'does not answer as Prometheus does (HTTP 404)', /Correct the option url/],
  ])('%s', async (_what, respond, words, next) => {
    const caught: unknown = await collectFrom(respond).catch((error: unknown) => error)
    expect(caught).toMatchObject({ code: 'SEMANTOS_E_DATA_INVALID', place: 'queries.app.queue_length', plugin: '@semantos/telemetry-prometheus' })
    expect(caught).toHaveProperty('message', expect.stringContaining(words))
    expect(caught).toHaveProperty('next', expect.stringMatching(next))
  })
})

describe('secrets', () => {
  const withSecret = { headers_env: { authorization: 'TEST_PROMETHEUS_AUTHORIZATION' } }

  it('come from the environment', async () => {
    vi.stubEnv('TEST_PROMETHEUS_AUTHORIZATION', SECRET)
    const { received } = await collectFrom(vector('1'), withSecret)
    expect(received[0]?.headers.authorization).toBe(SECRET)
  })

  it('are not sent where a redirect points', async () => {
    vi.stubEnv('TEST_PROMETHEUS_AUTHORIZATION', SECRET)
    await using other = await serverOf(vector('1'))
    await expect(collectFrom(says(307, '', { location: other.url }), withSecret)).rejects.toMatchObject({ code: 'SEMANTOS_E_DATA_INVALID' })
    expect(other.received).toEqual([])
  })

  it.each([
    ['in a reason', 503],
    ['in an error', 404],
  ])('are masked where the server repeats them: %s', async (_where, status) => {
    vi.stubEnv('TEST_PROMETHEUS_AUTHORIZATION', SECRET)
    const repeats: RequestListener = (request, response) => void response.writeHead(status).end(`who is ${request.headers.authorization ?? 'nobody'}, or very-private-token?`)
    const shown = await collectFrom(repeats, withSecret).then(({ missing }) => missing[0]?.reason, String)
    expect(shown).toContain('who is [secret], or [secret]?')
  })

  it.each([
    ['is not set', '', 'TEST_PROMETHEUS_AUTHORIZATION is not set'],
    ['no header can hold', 'a\nb: private', 'TEST_PROMETHEUS_AUTHORIZATION holds characters that no header may hold'],
  ])('are an error where the variable %s', async (_what, value, words) => {
    vi.stubEnv('TEST_PROMETHEUS_AUTHORIZATION', value)
    const caught: unknown = await collectFrom(vector('1'), withSecret).catch((error: unknown) => error)
    expect(caught).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_OPTIONS', place: 'headers_env.authorization', message: `the environment variable ${words}` })
  })
})

describe('around a trial', () => {
  it('the server is asked at the end, for the time that the trial took', async () => {
    await using server = await serverOf(vector('4'))
    await using kit = await mount(prometheus({ url: server.url, queries: { a: { query: 'increase(x[$window])', unit: 'count' } }, window_s: 900 }))
    const watch = await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)
    expect(server.received).toEqual([])
    expect(await watch.end()).toEqual([{ name: 'a', value: 4, unit: 'count', source: '@semantos/telemetry-prometheus' }])
    expect(server.received[0]?.url.searchParams.get('query')).toMatch(/^increase\(x\[\d\d?s\]\)$/)
  })

  it('no trial fails for a metric, and the operator is told once', async () => {
    await using server = await serverOf(says(401, 'no'))
    await using kit = await mount(prometheus({ url: server.url, queries: QUERIES }))
    for (let trial = 0; trial < 2; trial++) expect(await (await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)).end()).toEqual([])
    expect(kit.logged).toEqual([expect.stringMatching(/app\.queue_length: .*refuses access/)])
  })

  it('a server that hangs is left when the time of the hook is up', async () => {
    await using server = await serverOf(hangs)
    await using kit = await mount(prometheus({ url: server.url, queries: QUERIES, timeout_ms: 60_000 }), { timeLimitMs: 200 })
    await expect((await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)).end()).rejects.toMatchObject({ code: 'SEMANTOS_E_PLUGIN_TIMEOUT' })
  })
})

describe('options', () => {
  it.each([
    [{ queries: {} }, 'must hold a query'],
    [{ queries: { 'Not A Name': { query: '1', unit: 'count' } } }, 'must be a dotted name'],
    [{ queries: { a: { query: '1' } } }, 'unit'],
    [{ queries: QUERIES, url: 'ftp://127.0.0.1/' }, 'must be an http or https address'],
    [{ queries: QUERIES, url: 'http://user:password@127.0.0.1:9090' }, 'must not hold a user'],
    [{ queries: QUERIES, url: 'http://127.0.0.1:9090/?token=x' }, 'must not hold a user'],
    [{ queries: QUERIES, headers_env: { authorization: 'Bearer abc' } }, 'must be the name of an environment variable'],
    [{ queries: QUERIES, headers_env: { 'a b': 'A' } }, 'must be the name of a header'],
  ])('refuses %j', (options, message) => {
    expect(Options.safeParse(options).error?.message).toContain(message)
  })
})
