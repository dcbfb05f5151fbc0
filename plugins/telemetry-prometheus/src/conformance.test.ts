import { createServer } from 'node:http'
import { conformance } from '@semantos/plugin-kit'
import { afterAll, test } from 'vitest'
import plugin from './index.js'

const server = createServer((_request, response) => void response.end('{"status":"success","data":{"resultType":"scalar","result":[1700000000,"7"]}}'))
await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
afterAll(() => void server.close())
const address = server.address()
const port = typeof address === 'object' && address !== null ? address.port : 0

const queries = { 'app.queue_length': { query: 'sum(queue)', unit: 'count' as const } }
conformance(test, plugin, { options: { url: `http://127.0.0.1:${port}`, queries }, badOptions: [{ url: 'ftp://host', queries }, { url: 'http://host', queries: {} }] })
