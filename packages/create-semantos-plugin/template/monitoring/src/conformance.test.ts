import { test } from 'node:test'
import { conformance } from '@semantos/plugin-kit'
import plugin from './index.js'

conformance(test, plugin, { badOptions: [{ max_worse_pct: -1 }], deterministic: true })
