import { conformance } from '@semantos/plugin-kit'
import { afterAll, test } from 'vitest'
import { answer, item } from '../testing/answers.js'
import { chatServer, says } from '../testing/chat-server.js'
import plugin from './index.js'

const server = await chatServer(says(answer(item('vm.swappiness', 20))))
afterAll(() => server[Symbol.asyncDispose]())

conformance(test, plugin, {
  options: { base_url: server.url, model: 'test', samples: 1 },
  badOptions: [{}, { model: 'test' }, { base_url: 'http://user:secret@127.0.0.1/v1', model: 'test' }],
  deterministic: true,
})
