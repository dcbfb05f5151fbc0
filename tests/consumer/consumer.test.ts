import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { RunReport } from '@semantos/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Outside, top } from './install.js'

const EXAMPLES = readdirSync(join(top, 'examples'))
let outside: Outside
const folderOf = (example: string) => join(outside.folder, example)
const report = async (example: string) => RunReport.parse(JSON.parse(await outside.run(folderOf(example), 'semantos', '--trials', '2', '--json')))

/** What the examples' configs want to talk to, on loopback: an nginx that has served three requests, and a model with one idea. */
const server = createServer((request, response) => {
  if (request.method === 'GET') return void response.end('Active connections: 2 \nserver accepts handled requests\n 3 3 3 \nReading: 0 Writing: 1 Waiting: 1 \n')
  const idea = { knob: 'kernel.sched_wakeup_granularity_ns', value: 3_000_000, rationale: 'fewer preemptions', metric: 'p95_ms', change_pct: -3 }
  response.end(JSON.stringify({ choices: [{ message: { content: JSON.stringify({ recommendations: [idea] }) } }] }))
})
let address = ''

/** Rewrites a file of an example, as its user would to point it at a server. */
function edit(example: string, file: string, from: string, to: string): void {
  const path = join(folderOf(example), file)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
}

beforeAll(async () => {
  outside = new Outside()
  for (const example of EXAMPLES) outside.copy(example)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  address = typeof bound === 'object' && bound ? `http://127.0.0.1:${bound.port}` : ''
}, 600_000)

afterAll(() => void server.close())

describe.each(EXAMPLES)('examples/%s, outside the workspace, against packed packages', { timeout: 600_000 }, (example) => {
  test('it compiles under nodenext, and its own tests pass', async () => {
    const printed = await outside.test(folderOf(example))
    expect(printed).toMatch(/^ℹ pass [1-9]/m)
    expect(printed).toMatch(/^ℹ fail 0$/m)
  })
})

describe("the examples' configs run", { timeout: 600_000 }, () => {
  test('the metric of telemetry-entropy is in the report', async () => {
    const { outcome, snapshot } = await report('telemetry-entropy')
    expect(outcome).toBe('applied')
    expect(snapshot.metrics.find(({ name }) => name === 'entropy.available_bits')).toMatchObject({ unit: 'bits', source: '@acme/semantos-telemetry-entropy' })
  })

  test('telemetry-nginx is found by its name in YAML, and what nginx said is in the report', async () => {
    edit('telemetry-nginx', 'semantos.config.yaml', 'http://127.0.0.1/nginx_status', `${address}/nginx_status`)
    const { snapshot } = await report('telemetry-nginx')
    expect(snapshot.metrics.find(({ name }) => name === 'nginx.active_connections')).toEqual({
      name: 'nginx.active_connections', value: 2, unit: 'connections', source: '@acme/semantos-telemetry-nginx',
    })
  })

  test('what the model proposed to reasoning-llm-http is in the plan, behind that of the rules', async () => {
    edit('reasoning-llm-http', 'semantos.config.mjs', 'http://127.0.0.1:8080/v1', `${address}/v1`)
    const { outcome, plan } = await report('reasoning-llm-http')
    expect(outcome).toBe('applied')
    expect(plan.recommendations[0]?.proposed_by).toBe('@semantos/reasoning-rules')
    expect(plan.recommendations.at(-1)).toMatchObject({ rationale: 'fewer preemptions', proposed_by: '@acme/semantos-reasoning-llm-http' })
  })

  test.each([
    ['telemetry-nginx', "telemetry: plugin({ url: address, timeout_ms: 300 })", /does not answer: no answer within 300 ms/],
    ['reasoning-llm-http', "reasoning: plugin({ base_url: address, model: 'x', timeout_ms: 300 })", /the plan stands without the model: no answer within 300 ms/],
  ])('a server that never answers costs %s its time limit, also while garbage is collected', async (example, slot, says) => {
    const hung = createServer().listen(0, '127.0.0.1')
    await once(hung, 'listening')
    const bound = hung.address()
    const port = typeof bound === 'object' && bound ? bound.port : 0
    const folder = folderOf(example)
    writeFileSync(join(folder, 'hung.config.mjs'), `
      import { reproduction } from '@semantos/preset-reproduction'
      import plugin from '@acme/semantos-${example}'
      const address = 'http://127.0.0.1:${port}'
      setInterval(gc, 10).unref()
      export default { extends: reproduction(), ${slot} }
    `)
    const words = ['--expose-gc', '../node_modules/semantos/dist/semantos.js', '--config', 'hung.config.mjs', '--trials', '2', '--json']
    const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { cwd: folder })
    hung.closeAllConnections()
    hung.close()
    expect(stdout + stderr).toMatch(says)
  })
})

describe('a plugin that is linked from its folder, with a core of its own beside it', { timeout: 600_000 }, () => {
  const run = async (path: string) => {
    const user = join(outside.folder, 'user')
    writeFileSync(join(user, 'semantos.config.json'), JSON.stringify({
      extends: '@semantos/preset-reproduction', telemetry: ['@semantos/telemetry-synthetic', { use: '@acme/semantos-telemetry-entropy', options: { path } }],
    }))
    return await outside.run(user, 'semantos', '--trials', '2', '--json')
  }

  beforeAll(() => {
    const own = join(folderOf('telemetry-entropy'), 'node_modules')
    for (const name of ['@semantos/core', 'zod']) cpSync(join(outside.folder, 'node_modules', name), join(own, name), { recursive: true, dereference: true })
    mkdirSync(join(outside.folder, 'user/node_modules/@acme'), { recursive: true })
    symlinkSync(folderOf('telemetry-entropy'), join(outside.folder, 'user/node_modules/@acme/semantos-telemetry-entropy'))
  })

  test('is found and adds its metric', async () => {
    const { snapshot } = RunReport.parse(JSON.parse(await run('/proc/sys/kernel/random/entropy_avail')))
    expect(snapshot.metrics.find(({ name }) => name === 'entropy.available_bits')).toMatchObject({ source: '@acme/semantos-telemetry-entropy' })
  })

  test("throws the other core's errors, and they are taken for what they are; so are its options", async () => {
    await expect(run('/proc/version')).rejects.toThrow('"code":"SEMANTOS_E_DATA_INVALID"')
    await expect(run('relative')).rejects.toThrow('"code":"SEMANTOS_E_PLUGIN_OPTIONS"')
  })
})
