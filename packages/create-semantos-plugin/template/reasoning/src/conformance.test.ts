import { test } from 'node:test'
import { conformance } from '@semantos/plugin-kit'
import plugin from './index.js'

// A knob that the kit's sample host has.
conformance(test, plugin, { options: { knob: 'vm.swappiness', value: 10 }, badOptions: [{ knob: '../etc/passwd' }], deterministic: true })
