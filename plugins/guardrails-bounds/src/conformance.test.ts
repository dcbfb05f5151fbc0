import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

conformance(test, plugin, { badOptions: [{ tau: 0 }, { allow: [] }, { bounds: { 'vm.swappiness': { min: 2, max: 1 } } }], deterministic: true })
