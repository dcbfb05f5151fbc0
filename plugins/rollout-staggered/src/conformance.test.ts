import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

conformance(test, plugin, { badOptions: [{ batch: 0 }, { shares: [0.25, 1] }], deterministic: true })
