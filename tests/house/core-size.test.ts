import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { top } from '../cli/semantos.js'

/** The contract and the kernel can be read in one sitting: what grows beyond this belongs into another package. */
const MOST_LINES = 4_000

test(`core without its tests holds at most ${MOST_LINES} lines`, () => {
  const source = join(top, 'core', 'src')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  const own = files.filter((name) => name.endsWith('.ts') && !/\.test(?:-d)?\.ts$/.test(name))
  expect(own).toContain(join('kernel', 'kernel.ts'))
  const lines = own.map((name) => readFileSync(join(source, name), 'utf8').split('\n').length - 1)
  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(MOST_LINES)
})
