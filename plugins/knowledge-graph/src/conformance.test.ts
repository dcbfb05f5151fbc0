import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

conformance(test, plugin, { badOptions: [{ gamma_per_day: 0 }, { documents: -1 }], deterministic: true })
