import { test } from 'node:test'
import { conformance } from '@semantos/plugin-kit'
import plugin from './index.js'

conformance(test, plugin, { badOptions: [{ alpha: 2 }], deterministic: true })
