import { test } from 'node:test'
import { conformance } from '@semantos/plugin-kit'
import plugin from './index.js'

conformance(test, plugin, { badOptions: [{ never: [''] }], deterministic: true })
