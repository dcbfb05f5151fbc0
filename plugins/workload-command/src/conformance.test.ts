import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

conformance(test, plugin, {
  options: { run: 'echo 1; sleep 0.1; echo 2', parser: { name: 'jsonl' } },
  badOptions: [{}, { run: 'true', parser: { name: 'unknown' } }, { run: 'true', parser: { name: 'jsonl' }, env: { 'A B': '1' } }],
})
