import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

conformance(test, plugin, { options: { file: 'load.csv' }, badOptions: [{}, { file: 'load.csv', row: 0 }], deterministic: true, world: { files: { 'load.csv': 'p95_ms,load\n182.3,9.4\n171.8,5.6\n' } } })
