import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { top } from '../cli/semantos.js'

test('core is strict code once it is bundled, as its modules are: a write to what is frozen throws', () => {
  const text = readFileSync(join(top, 'core', 'dist', 'core.cjs'), 'utf8')
  // Only the first statement of a script can say so.
  expect(text.slice(0, text.indexOf(';'))).toBe("'use strict'")
})
