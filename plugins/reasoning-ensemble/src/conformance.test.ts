import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import fixed from '../../reasoning-fixed/src/index.js'
import plugin from './index.js'

const one = fixed({ values: { 'vm.swappiness': 10 } })
const another = fixed({ values: { 'vm.swappiness': 20 } }, { id: 'another' })

conformance(test, plugin, { options: { reasoners: [one, another] }, badOptions: [{}, { reasoners: [one] }, { reasoners: [one, one] }], deterministic: true })
