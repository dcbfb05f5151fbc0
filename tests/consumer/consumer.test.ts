import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { RunReport } from '@semantos/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { install, packedPackages, top } from './install.js'

const EXAMPLES = readdirSync(join(top, 'examples'))

const work = mkdtempSync(join(tmpdir(), 'semantos-consumer-'))
const folderOf = (example: string) => join(work, example)
const run = async (example: string, ...words: string[]) => (await promisify(execFile)(process.execPath, words, { cwd: folderOf(example), maxBuffer: 2 ** 26 })).stdout
const compile = (example: string) => run(example, 'node_modules/typescript/bin/tsc')
const semantos = (example: string, ...words: string[]) => run(example, 'node_modules/@semantos/core/dist/semantos.js', ...words)

/** What the examples' configs want to talk to, on loopback: an nginx that has served three requests, and a model with one idea. */
const server = createServer((request, response) => {
  if (request.method === 'GET') return void response.end('Active connections: 2 \nserver accepts handled requests\n 3 3 3 \nReading: 0 Writing: 1 Waiting: 1 \n')
  const idea = { knob: 'kernel.sched_wakeup_granularity_ns', value: 3_000_000, rationale: 'fewer preemptions', metric: 'p95_ms', change_pct: -3 }
  response.end(JSON.stringify({ choices: [{ message: { content: JSON.stringify({ recommendations: [idea] }) } }] }))
})
let address = ''

/** Rewrites a file of an example, as its user would to point it at a server. */
const edit = (example: string, file: string, from: string, to: string) => {
  const path = join(folderOf(example), file)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
}

beforeAll(async () => {
  const packed = packedPackages()
  for (const example of EXAMPLES) {
    cpSync(join(top, 'examples', example), folderOf(example), { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) })
    install(packed, folderOf(example), `@acme/semantos-${example}`)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  address = typeof bound === 'object' && bound ? `http://127.0.0.1:${bound.port}` : ''
}, 240_000)

afterAll(() => void server.close())

describe.each(EXAMPLES)('examples/%s, outside the workspace, against packed packages', { timeout: 120_000 }, (example) => {
  test('it compiles under nodenext, and its own tests pass', async () => {
    expect(await compile(example)).toBe('')
    const report = await run(example, '--test', '--test-reporter=tap', 'dist/')
    expect(report).toMatch(/^# pass [1-9]/m)
    expect(report).toMatch(/^# fail 0$/m)
  })
})

describe("the examples' configs run", { timeout: 120_000 }, () => {
  test('the metric of telemetry-entropy is in the report', async () => {
    const report = await semantos('telemetry-entropy', '--trials', '2', '--json')
    expect(JSON.parse(report)).toMatchObject({ outcome: 'applied' })
    expect(report).toMatch(/"name":"entropy\.available_bits","value":\d+,"unit":"bits","source":"@acme\/semantos-telemetry-entropy"/)
  })

  test('telemetry-nginx is found by its name in YAML, and what nginx said is in the report', async () => {
    edit('telemetry-nginx', 'semantos.config.yaml', 'http://127.0.0.1/nginx_status', `${address}/nginx_status`)
    const report = await semantos('telemetry-nginx', '--trials', '2', '--json')
    expect(report).toContain('"name":"nginx.active_connections","value":2,"unit":"connections","source":"@acme/semantos-telemetry-nginx"')
  })

  test('what the model proposed to reasoning-llm-http is in the plan, behind that of the rules', async () => {
    edit('reasoning-llm-http', 'semantos.config.mjs', 'http://127.0.0.1:8080/v1', `${address}/v1`)
    const { outcome, plan } = RunReport.parse(JSON.parse(await semantos('reasoning-llm-http', '--trials', '2', '--json')))
    expect(outcome).toBe('applied')
    expect(plan.recommendations[0]?.proposed_by).toBe('@semantos/reasoning-rules')
    expect(plan.recommendations.at(-1)).toMatchObject({ rationale: 'fewer preemptions', proposed_by: '@acme/semantos-reasoning-llm-http' })
  })
})
