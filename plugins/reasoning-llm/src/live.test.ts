import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { answer, item } from '../testing/answers.js'
import { type LlmOptions, askPlugin, mountLlm, situationIn, valuesOf } from '../testing/ask-plugin.js'
import { type Respond, chatServer, fails, inTurn, json, says, stream } from '../testing/chat-server.js'
import { NO_PLAN, planOf } from '../testing/subject.js'

const KEY = 'very-private-key'
/** Longer than any answer takes on a machine that is busy, and shorter than what was to be cut off. */
const LIMIT_MS = 50_000
const GOOD = says(answer(item('vm.swappiness', 10)))
const RULES = planOf({ 'vm.dirty_ratio': 25 })

beforeEach(() => void vi.stubEnv('TEST_LLM_KEY', KEY))
afterEach(() => void vi.unstubAllEnvs())

/** Asks a server that answers so, with the plan of rules before the model. */
async function ask(respond: Respond, options: Partial<LlmOptions> = {}) {
  await using server = await chatServer(respond)
  const asked = await askPlugin({ base_url: server.url, model: 'test-model', samples: 1, retries: 0, deadline_ms: LIMIT_MS, ...options }, { plan: RULES })
  return { ...asked, received: server.received, values: valuesOf(asked.plan) }
}

const UNTOUCHED = ['vm.dirty_ratio=25']
const REVISED = ['vm.dirty_ratio=25', 'vm.swappiness=10']

describe('a server that answers', () => {
  it('is asked once for each sample, with the schema, and its answer revises the plan', async () => {
    const { values, received, plan } = await ask(GOOD, { samples: 3 })
    expect(values).toEqual(REVISED)
    expect(plan.recommendations[1]).toMatchObject({ proposed_by: '@semantos/reasoning-llm', uncertainty: 0, cues: [{ metric: 'p95_ms', value: 182.3 }] })
    expect(received).toHaveLength(3)
    expect(received[0]).toMatchObject({ url: '/v1/chat/completions', body: { model: 'test-model', temperature: 0.7, max_tokens: 2000, response_format: { type: 'json_schema', json_schema: { strict: true } } } })
  })

  it('may stream', async () => {
    const { values, received, advice } = await ask(GOOD, { stream: true })
    expect(values).toEqual(REVISED)
    expect(received[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
    expect(advice[0]).toContain('1000 tokens in, 100 out')
  })

  it('may not know JSON schemas, or temperatures', async () => {
    const { values, received } = await ask(GOOD, { json_schema: false, temperature: null })
    expect(values).toEqual(REVISED)
    expect(received[0]?.body).toMatchObject({ response_format: { type: 'json_object' } })
    expect(received[0]?.body).not.toHaveProperty('temperature')
  })

  it('gets the key of the environment, and no key without one', async () => {
    expect((await ask(GOOD, { api_key_env: 'TEST_LLM_KEY' })).received[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
    expect((await ask(GOOD)).received[0]?.headers.authorization).toBeUndefined()
  })

  it('is not asked where the key is not set, and the run goes on', async () => {
    const { values, received, logged } = await ask(GOOD, { api_key_env: 'TEST_LLM_ABSENT_KEY' })
    expect(values).toEqual(UNTOUCHED)
    expect(received).toHaveLength(0)
    expect(logged.join('\n')).toContain('TEST_LLM_ABSENT_KEY is not set')
  })

  it('may be OpenAI, whose newer models take max_completion_tokens', async () => {
    const { values, received } = await ask(GOOD, { provider: 'openai', api_key_env: 'TEST_LLM_KEY' })
    expect(values).toEqual(REVISED)
    expect(received[0]?.body).toMatchObject({ max_completion_tokens: 2000 })
    expect(received[0]?.body).not.toHaveProperty('max_tokens')
  })

  it('may be Anthropic', async () => {
    const { values, received, advice } = await ask(
      (response, { body }) =>
        json(response, 200, {
          id: 'm1', type: 'message', role: 'assistant', model: body.model, content: [{ type: 'text', text: answer(item('vm.swappiness', 10)) }],
          stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: 900, output_tokens: 90 },
        }),
      { provider: 'anthropic', api_key_env: 'TEST_LLM_KEY', model: 'claude-sonnet-4-5' },
    )
    expect(values).toEqual(REVISED)
    expect(received[0]).toMatchObject({ url: '/v1/messages', headers: { 'x-api-key': KEY } })
    expect(advice[0]).toContain('900 tokens in, 90 out')
  })

  it('may recommend nothing', async () => {
    const { values, logged } = await ask(says(answer()))
    expect(values).toEqual(UNTOUCHED)
    expect(logged).toEqual([expect.stringContaining('1 requests to test-model')])
  })
})

describe('a server in trouble leaves the plan of the rules as it was', () => {
  it.each([
    ['400', fails(400, {}, 'bad schema'), 'HTTP 400: bad schema'],
    ['401', fails(401, {}, `Incorrect API key provided: ${KEY}`), 'HTTP 401: Incorrect API key provided: [secret]'],
    ['429', fails(429), 'HTTP 429'],
    ['500', fails(500), 'HTTP 500'],
    ['503 without a body', (response) => void response.writeHead(503).end(), 'HTTP 503'],
    ['what is no JSON', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'), 'Invalid JSON response'],
    ['JSON of another protocol', (response) => json(response, 200, { hello: 'world' }), 'Invalid JSON response'],
    ['no choices', (response) => json(response, 200, { choices: [] }), 'choices'],
    ['an answer cut off', (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
      response.write('{"choices":[{"message":{"content":"{')
      setTimeout(() => void response.destroy(), 20)
    }, 'failed: Failed to process successful response'],
    ['a connection closed', (response) => void response.destroy(), 'Cannot connect'],
    ['a huge answer', (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      for (let megabyte = 0; megabyte < 6; megabyte++) response.write(Buffer.alloc(1024 * 1024, 32))
      response.end('{}')
    }, 'larger than 4194304 bytes'],
    ['a redirect', (response) => void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(), 'redirect'],
    ['an empty answer', says(''), 'empty'],
    ['prose', says('I am sorry, I cannot do that.'), 'not JSON'],
    ['a stream cut off', (response) => stream(response, ['{"recomm', 'endations": [{"kn'], null), 'failed: '],
  ] satisfies [string, Respond, string][])('%s', async (what, respond, words) => {
    const { values, logged, advice } = await ask(respond, { api_key_env: 'TEST_LLM_KEY', stream: what.includes('stream') })
    expect(values).toEqual(UNTOUCHED)
    expect(logged.join('\n')).toContain(words)
    expect(logged.join('\n')).toContain('the plan stands as it was without the language model')
    expect(advice.join('\n')).toContain(words)
    expect(JSON.stringify([logged, advice])).not.toContain(KEY)
  })

  it('nobody there', async () => {
    const gone = await chatServer(GOOD)
    await gone[Symbol.asyncDispose]()
    const { plan, logged } = await askPlugin({ base_url: gone.url, model: 'm', samples: 2, retries: 0, price_per_million_tokens: { input: 1, output: 1 } }, { plan: RULES })
    expect(valuesOf(plan)).toEqual(UNTOUCHED)
    expect(logged.join('\n')).toMatch(/ECONNREFUSED.*\(in 2 of 2 samples\)/)
    expect(logged.join('\n')).toContain('0 tokens in, 0 out, 0.0000 USD')
  })

  it('one sample of three is outvoted, not the end', async () => {
    const { plan, advice } = await ask(inTurn(GOOD, fails(500), GOOD), { samples: 3, max_uncertainty: 0.6 })
    expect(valuesOf(plan)).toEqual(REVISED)
    expect(plan.recommendations[1]?.uncertainty).toBeCloseTo(0.579, 3)
    expect(advice.join('\n')).toContain('HTTP 500')
  })
})

describe('time', () => {
  it('a server that never answers costs the deadline and no more', async () => {
    const { values, ms, logged } = await ask(() => undefined, { deadline_ms: 400, samples: 3 })
    expect(values).toEqual(UNTOUCHED)
    expect(ms).toBeGreaterThan(350)
    expect(ms).toBeLessThan(LIMIT_MS)
    expect(logged.join('\n')).toContain('no answer within 400 ms (in 3 of 3 samples)')
  })

  it('a server that drips costs no more either', async () => {
    const drip: Respond = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const timer = setInterval(() => void response.write(': still here\n\n'), 20)
      response.on('close', () => clearInterval(timer))
    }
    const { values, ms } = await ask(drip, { deadline_ms: 300, stream: true })
    expect(values).toEqual(UNTOUCHED)
    expect(ms).toBeLessThan(LIMIT_MS)
  })

  it('a request that takes too long is tried again', async () => {
    const { values, received } = await ask(inTurn(() => undefined, GOOD), { timeout_ms: 5000, retries: 1, deadline_ms: 50_000 })
    expect(values).toEqual(REVISED)
    expect(received).toHaveLength(2)
  })

  it('a run that is stopped stops the request', async () => {
    let closed = false
    await using server = await chatServer((response) => void response.on('close', () => void (closed = true)))
    await using kit = await mountLlm({ base_url: server.url, model: 'm', samples: 1 })
    const running = kit.kernel.hooks.reason.run(NO_PLAN, situationIn(kit))
    await expect.poll(() => server.received).toHaveLength(1)
    const { SemantosError } = await import('@semantos/core')
    kit.run.abort(new SemantosError('SEMANTOS_E_ABORTED', { message: 'stopped' }))
    await expect(running).rejects.toMatchObject({ code: 'SEMANTOS_E_ABORTED' })
    await expect.poll(() => closed).toBe(true)
  })
})

describe('trying again', () => {
  it.each([429, 500, 503])('after %i', async (status) => {
    const { values, received } = await ask(inTurn(fails(status), fails(status), GOOD), { retries: 2 })
    expect(values).toEqual(REVISED)
    expect(received).toHaveLength(3)
  })

  it.each([400, 401, 404])('not after %i', async (status) => {
    expect((await ask(inTurn(fails(status), GOOD), { retries: 2 })).received).toHaveLength(1)
  })

  it.each([
    ['seconds', { 'retry-after': '1' }],
    ['milliseconds', { 'retry-after-ms': '1000' }],
  ])('waits as long as the server asks, in %s', async (_what, headers) => {
    const { values, ms } = await ask(inTurn(fails(429, headers), GOOD), { retries: 1 })
    expect(values).toEqual(REVISED)
    expect(ms).toBeGreaterThanOrEqual(990)
  })

  it('does not wait beyond the deadline', async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString()
    const { ms, logged } = await ask(inTurn(fails(429, { 'retry-after': date }), GOOD), { retries: 1 })
    expect(ms).toBeLessThan(LIMIT_MS)
    expect(logged.join('\n')).toContain('HTTP 429: no; no time is left to try again')
  })
})

describe('limits', () => {
  it('a rate limit that is used up is not waited for beyond the deadline', async () => {
    const { received, logged } = await ask(GOOD, { samples: 3, rate_limit_per_min: 2, deadline_ms: 50_000 })
    expect(received).toHaveLength(2)
    expect(logged.join('\n')).toContain('the limit of 2 requests in 60 s is used up')
  })

  it('a request is not made where its longest answer could pass the ceiling', async () => {
    const price_per_million_tokens = { input: 0, output: 1000 }
    const { received, logged } = await ask(GOOD, { samples: 3, price_per_million_tokens, max_tokens_answer: 1000, max_cost_usd: 2.5 })
    expect(received).toHaveLength(2)
    expect(logged.join('\n')).toContain('ceiling of 2.5 USD')
    expect(logged.join('\n')).toContain('2 requests to test-model: 2000 tokens in, 200 out, 0.2000 USD')
  })

  it('the ceiling holds for the run, and the next run has its own', async () => {
    await using server = await chatServer(GOOD)
    const price_per_million_tokens = { input: 0, output: 1000 }
    await using kit = await mountLlm({ base_url: server.url, model: 'm', samples: 1, retries: 0, price_per_million_tokens, max_tokens_answer: 1000, max_cost_usd: 1.1 })
    const asked = (run: string) => kit.kernel.hooks.reason.run(NO_PLAN, { ...situationIn(kit), run })
    await asked('one')
    await asked('one')
    await asked('one')
    expect(server.received).toHaveLength(2)
    await asked('two')
    expect(server.received).toHaveLength(3)
  })

  it('a bill that nobody knows counts in full', async () => {
    const { logged } = await ask((response) => void response.destroy(), { price_per_million_tokens: { input: 0, output: 1000 }, max_tokens_answer: 1000 })
    expect(logged.join('\n')).toMatch(/1 requests to test-model: \d+ tokens in, 1000 out \(partly estimated\), 1\.0000 USD/)
  })

  it('tokens are estimated where the server does not count them', async () => {
    expect((await ask(says(answer(item('vm.swappiness', 10)), null))).logged.join('\n')).toContain('(partly estimated)')
  })

  it('more recommendations than asked for are passed over', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => item(`vm.invented_${index}`, 1))
    const { values, advice } = await ask(says(answer(...many)), { max_recommendations: 4 })
    expect(values).toEqual(UNTOUCHED)
    expect(advice).toContainEqual(expect.stringContaining('2996 recommendations beyond the 4'))
    expect(advice.length).toBeLessThan(30)
  })
})

describe('without asking', () => {
  it('shows the prompt', async () => {
    const { received, logged, values } = await ask(GOOD, { show_prompt: true })
    expect(received).toHaveLength(0)
    expect(values).toEqual(UNTOUCHED)
    expect(logged.join('\n')).toContain('--- user\nGoal')
  })

  it('says so where nothing can be changed', async () => {
    await using server = await chatServer(GOOD)
    const { advice } = await askPlugin({ base_url: server.url, model: 'm' }, { current: {} })
    expect(advice).toEqual(['was not asked: there is no knob here that could be changed'])
    expect(server.received).toHaveLength(0)
  })

  it('explains what it would tell the model of a knob', async () => {
    await using kit = await mountLlm({ provider: 'ollama', model: 'm' })
    const { NotesDraft } = await import('@semantos/core/kernel')
    const { CATALOGUE } = await import('../testing/subject.js')
    const knob = CATALOGUE.get('vm.swappiness')
    if (!knob) throw new Error('vm.swappiness')
    const notes = (await kit.kernel.hooks.explain.run(new NotesDraft(knob), kit.cycle)).finish()
    expect(notes.map(({ topic, text }) => `${topic}: ${text}`)).toEqual([expect.stringContaining('language model: m may recommend it and is told: whole number, unit percent, 0 to 100')])
  })
})
