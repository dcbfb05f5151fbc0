import { readFileSync } from 'node:fs'
import { CODES } from '@semantos/core'
import { describe, expect, test } from 'vitest'

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `(SEMANTOS_E_[A-Z_]+)` \| (\d+) \| (.+) \|$/gm)].map(([, code = '', status = '']) => ({ code, status: Number(status) }))

describe('docs/errors.md', () => {
  test('explains every code once, and no other', () => {
    expect(rows.map(({ code }) => code).sort()).toEqual(Object.keys(CODES).sort())
  })

  test('gives the exit status that the command line returns', () => {
    for (const { code, status } of rows) {
      const known = Object.entries(CODES).find(([name]) => name === code)?.[1].exit
      expect({ code, status }).toEqual({ code, status: code === 'SEMANTOS_E_ABORTED' ? 130 : known })
    }
  })
})
