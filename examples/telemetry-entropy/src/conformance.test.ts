import { test } from 'node:test'
import { conformance } from '@semantos/plugin-kit'
import entropy from './index.js'

conformance(test, entropy, { badOptions: [{ path: 'relative' }], deterministic: true, world: { root: { 'proc/sys/kernel/random/entropy_avail': '256\n' } } })
