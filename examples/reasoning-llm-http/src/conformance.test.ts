import { after, test } from 'node:test'
import { conformance } from '@semantos/plugin-kit'
import llm from './index.js'
import { says, startServer } from './server.js'

const idea = { knob: 'vm.swappiness', value: 20, rationale: 'programs wait for swapped pages', metric: 'p95_ms', change_pct: -3 }
const server = await startServer(says(JSON.stringify({ recommendations: [idea] })))
after(() => server[Symbol.asyncDispose]())

conformance(test, llm, { options: { base_url: server.baseUrl, model: 'test' }, badOptions: [{}, { base_url: server.baseUrl, model: '' }], deterministic: true })
