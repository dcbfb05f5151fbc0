import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

conformance(test, plugin, { options: { window_ms: 10 }, badOptions: [{ window_ms: 0 }, { procfs: 'proc' }] })
