import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

conformance(test, plugin, { options: { values: { 'vm.swappiness': 10, 'block.read_ahead_kb': { at_least: 256 } } }, badOptions: [{}, { values: { 'not a knob': 1 } }], deterministic: true })
