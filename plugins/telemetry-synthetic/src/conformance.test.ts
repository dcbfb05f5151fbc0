import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

conformance(test, plugin, { badOptions: [{ signals: { load: 'high' } }, { signals: { no_such_signal: 1 } }], deterministic: true })
