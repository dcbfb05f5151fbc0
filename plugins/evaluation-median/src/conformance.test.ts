import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

conformance(test, plugin, { badOptions: [{ min_effect_pct: -1 }, { resamples: 1 }], deterministic: true })
