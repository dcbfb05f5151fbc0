import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'
// So that no test waits for the drawing library.
import './render.js'

conformance(test, plugin, { deterministic: true })
