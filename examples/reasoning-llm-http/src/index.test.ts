import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, test } from 'node:test'
import type { Plan, Reading } from '@semantos/core'
import catalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import llm from './index.js'
import { says, startServer } from './server.js'

const present = (knob: string, value: number): Reading => ({ status: 'present', knob, text: String(value), value, writable: true, live: false })
const HOST = [present('vm.swappiness', 60), present('net.core.somaxconn', 4096), { ...present('vm.dirty_ratio', 20), writable: false }]
const SNAPSHOT = { time: '2026-01-01T00:00:00Z', host: null, metrics: [{ name: 'p95_ms', value: 180, unit: 'ms', source: 'test' }], missing: [] }

/** What the rules said before the model is asked. */
const PLAN: Plan = {
  recommendations: [{
    knob: 'net.core.somaxconn', value: 8192, rationale: 'a rule', cues: [], expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.2,
    rules: [], edges: [], traces: [], documents: [], proposed_by: 'rules', changed_by: [],
  }],
  advice: [],
}

const proposal = (fields: object) => ({ knob: 'vm.swappiness', value: 10, rationale: 'keeps pages of the service in memory', metric: 'p95_ms', change_pct: -5, ...fields })
const proposing = (...fields: object[]) => says(JSON.stringify({ recommendations: fields.map(proposal) }))

/** Asks a server that answers like this, and tells what came of it. */
async function reason(answer: (response: ServerResponse) => void, options: { key_env?: string; timeout_ms?: number } = {}) {
  await using server = await startServer(answer)
  const kit = await mount([catalogue(), llm({ base_url: server.baseUrl, model: 'small', ...options })])
  try {
    const current = new Map(HOST.map((reading) => [reading.knob, reading]))
    const plan = await kit.kernel.hooks.reason.run(PLAN, { ...kit.cycle, snapshot: SNAPSHOT, evidence: { edges: [], traces: [], documents: [] }, current })
    return { plan, logged: kit.logged.join('\n'), requests: server.requests }
  } finally {
    await kit.kernel.dispose()
  }
}

test('adds what the model proposes behind the plan, stamped with this plugin', async () => {
  const { plan, logged } = await reason(proposing({}))
  assert.deepEqual(plan.recommendations.map(({ knob, value, proposed_by }) => [knob, value, proposed_by]), [
    ['net.core.somaxconn', 8192, 'rules'],
    ['vm.swappiness', 10, '@acme/semantos-reasoning-llm-http'],
  ])
  assert.deepEqual(plan.recommendations[1]?.cues, [{ metric: 'p95_ms', value: 180, because: 'keeps pages of the service in memory' }])
  assert.equal(logged, '')
})

test('sends measurements, plan and the knobs that can be set; the same bytes for the same situation', async () => {
  const [first, second] = [await reason(proposing()), await reason(proposing())]
  assert.equal(first.requests[0]?.path, '/v1/chat/completions')
  assert.deepEqual(first.requests, second.requests)
  const { model, messages } = JSON.parse(first.requests[0]?.body ?? '')
  assert.equal(model, 'small')
  const subject = JSON.parse(messages[1].content)
  assert.deepEqual(subject.measurements, [{ name: 'p95_ms', value: 180, unit: 'ms' }])
  assert.deepEqual(subject.knobs.map(({ knob }: { knob: string }) => knob), ['vm.swappiness', 'net.core.somaxconn'])
})

test('the key comes from the environment, and is not in the log when the server refuses it', async () => {
  process.env['ACME_KEY'] = 'sk-hush'
  const { requests, logged } = await reason((response) => void response.writeHead(401).end('wrong key: sk-hush'), { key_env: 'ACME_KEY' })
  assert.equal(requests[0]?.key, 'Bearer sk-hush')
  assert.match(logged, /the plan stands without the model: the server answered 401/)
  assert.doesNotMatch(logged, /sk-hush/)
})

describe('the plan stands as it was when the server', () => {
  const faults: Record<string, [answer: (response: ServerResponse) => void, says: RegExp]> = {
    'is overloaded': [(response) => void response.writeHead(503).end(), /answered 503/],
    'wants to send us elsewhere': [(response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), /redirect/],
    'never answers': [() => undefined, /no answer within 300 ms/],
    'breaks off': [(response) => void response.writeHead(200, { 'content-length': 99 }).write('{"cho', () => response.destroy()), /terminated|closed|aborted/],
    'speaks another protocol': [(response) => void response.end('{"error":"no"}'), /something else than a completion/],
    'has a model that chats': [says('Sure! Here is my plan:'), /the answer is no JSON/],
    'has a model that answers in another shape': [says('{"recommendations":[{"knob":"vm.swappiness"}]}'), /not what was asked for/],
    'has a model that writes to the terminal': [proposing({ rationale: '\u001b[2J' }), /not what was asked for/],
    'has a model that wants a path': [proposing({ knob: '../../etc/passwd' }), /not what was asked for/],
  }
  for (const [name, [answer, message]] of Object.entries(faults)) {
    test(name, async () => {
      const { plan, logged } = await reason(answer, name === 'never answers' ? { timeout_ms: 300 } : {})
      assert.deepEqual(plan, PLAN)
      assert.match(logged, message)
    })
  }
})

describe('a recommendation is refused in words', () => {
  const refusals: Record<string, [fields: object, says: RegExp]> = {
    'a knob that is not in the catalogue': [{ knob: 'kernel.core_pattern' }, /kernel\.core_pattern is no knob of this run/],
    'a knob that this host has not got': [{ knob: 'vm.dirty_background_ratio' }, /is no knob of this run/],
    'a knob that cannot be set': [{ knob: 'vm.dirty_ratio' }, /cannot be set on this host/],
    'a value out of bounds': [{ value: 100_000 }, /vm\.swappiness = 100000 is outside the safe bounds/],
    'a value of another type': [{ value: 'low' }, /is not a whole number/],
    'a metric that nobody measured': [{ metric: 'happiness' }, /nothing called "happiness" was measured/],
    'a knob that the plan has': [{ knob: 'net.core.somaxconn', value: 512 }, /in the plan already/],
  }
  for (const [name, [fields, message]] of Object.entries(refusals)) {
    test(name, async () => {
      const { plan, logged } = await reason(proposing(fields))
      assert.deepEqual(plan, PLAN)
      assert.match(logged, message)
    })
  }
})

test('options: a key in place of its name, and an address that is none, are refused', () => {
  const valid = { base_url: 'http://127.0.0.1:8080/v1', model: 'small' }
  assert.equal(llm(valid).prepare().success, true)
  for (const wrong of [{ key_env: 'sk-hush' }, { base_url: 'localhost' }, { modle: 'x' }]) assert.equal(llm({ ...valid, ...wrong }).prepare().success, false)
})
