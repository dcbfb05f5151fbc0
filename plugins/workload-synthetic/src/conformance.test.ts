import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

conformance(test, plugin, { options: { requests: 50 }, badOptions: [{ requests: 1 }], deterministic: true })
