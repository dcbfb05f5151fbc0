import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

conformance(test, plugin, { options: { sets: ['kit', 'evidence'] }, badOptions: [{ sets: [] }, { sets: ['unknown'] }], deterministic: true })
