import { defineConfig } from '@semantos/core'
import { reproduction } from '@semantos/preset-reproduction'
import rules from '@semantos/reasoning-rules'
import llm from '@acme/semantos-reasoning-llm-http'

export default defineConfig({
  extends: reproduction(),
  reasoning: [rules({ sets: ['kit'] }), llm({ base_url: 'http://127.0.0.1:8080/v1', model: 'local' })], // in this order
})
