import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseFile } from 'fast-csv'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Cell, CsvFile } from './csv-file.js'

const folder = mkdtempSync(join(tmpdir(), 'semantos-csv-'))

async function readBack(path: string): Promise<unknown[]> {
  const rows: unknown[] = []
  for await (const row of parseFile(path)) rows.push(row)
  return rows
}

it('writes what another program reads back, whatever the cells hold', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', ';', 'ü', "'", '=') })
  const cell: fc.Arbitrary<Cell> = fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null))
  // A row whose only cell is empty is an empty line, which readers skip: hence the number in front.
  const row = fc.tuple(fc.integer(), cell, cell)
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
      const path = join(folder, 'any.csv')
      const file = new CsvFile(path, ['number', 'a, b', 'c'])
      for (const cells of rows) file.add(cells)
      file.file.commit()
      expect(await readBack(path)).toEqual([['number', 'a, b', 'c'], ...rows.map((cells) => cells.map((value) => (value === null ? '' : String(value))))])
    }),
    { numRuns: 100 },
  )
})

it('quotes only what needs it', () => {
  const path = join(folder, 'plain.csv')
  const file = new CsvFile(path, ['a', 'b'])
  file.add(['inconclusive', 1.5])
  file.add(['5" disk', null])
  file.file.commit()
  expect(readFileSync(path, 'utf8')).toBe('a,b\ninconclusive,1.5\n"5"" disk",\n')
})
