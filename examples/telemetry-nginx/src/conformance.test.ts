import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { conformance } from '@semantos/plugin-kit'
import nginx from './index.js'

const PAGE = 'Active connections: 1 \nserver accepts handled requests\n 7 7 9 \nReading: 0 Writing: 1 Waiting: 0 \n'
const server = createServer((_request, response) => response.end(PAGE)).listen(0, '127.0.0.1').unref()
await once(server, 'listening')
const address = server.address()
const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`

conformance(test, nginx, { options: { url, window_ms: 10 }, badOptions: [{ url: 'file:///etc/passwd' }, { window_ms: 0 }] })
