import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Check } from '../check.js'

const UNKNOWN = 'an_option_that_does_not_exist'

export const options: readonly Check[] = [
  {
    name: 'options: right ones are accepted',
    run: async ({ plugin }) => {
      const prepared = plugin().prepare()
      assert.ok(prepared.success, `the options given to the suite are refused: ${prepared.success ? '' : prepared.error.message}`)
    },
  },
  {
    name: 'options: one that nobody reads is refused by its name',
    run: async ({ plugin, options: right }) => {
      const prepared = plugin({ ...(typeof right === 'object' ? right : {}), [UNKNOWN]: true }).prepare()
      assert.ok(!prepared.success, 'a mistyped option is accepted; make options a z.strictObject')
      const named = prepared.error.issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes(UNKNOWN))
      assert.ok(named, `the refusal does not name the option: ${prepared.error.message}`)
    },
  },
  {
    name: 'options: what is not an object is refused',
    run: async ({ plugin }) => {
      for (const wrong of ['text', 7, []]) assert.ok(!plugin(wrong).prepare().success, `${inspect(wrong)} is accepted as options`)
    },
  },
  {
    name: 'options: bad ones are refused before setup',
    skip: ({ badOptions }) => (badOptions.length === 0 ? 'no badOptions are given' : null),
    run: async ({ plugin, badOptions }) => {
      for (const bad of badOptions) assert.ok(!plugin(bad).prepare().success, `${inspect(bad)} is accepted; the schema in options must refuse it`)
    },
  },
]
