import { createServer } from 'node:http'
import { once } from 'node:events'
import { conformance } from '@semantos/plugin-kit'
import { afterAll, test } from 'vitest'
import plugin from './index.js'

const server = createServer((_request, response) => response.end('fine')).listen(0, '127.0.0.1')
await once(server, 'listening')
afterAll(() => void server.close())
const address = server.address()
const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`

conformance(test, plugin, {
  options: { target: { kind: 'http', url }, duration_s: 0.1, warm_up_s: 0 },
  badOptions: [{}, { target: { kind: 'http', url: 'file:///' } }, { target: { kind: 'tcp', address: '127.0.0.1' } }],
})
