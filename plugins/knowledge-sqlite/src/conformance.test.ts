import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import { whyNoSqlite } from '../testing/sqlite.js'
import plugin from './index.js'

conformance(test, plugin, { badOptions: [{ keep: 0 }, { nearest: 65 }], skip: await whyNoSqlite() })
