import { z } from '@semantos/core'
import { Cells } from '../cells.js'
import type { Driver } from '../driver.js'
import { embed } from '../embedding.js'
import type { Migration } from './migration.js'

const Row = z.object({ number: z.int(), body: z.string() })
const Embedded = z.object({ metrics: z.record(z.string(), z.number()), host: z.record(z.string(), z.union([z.string(), z.number()])) })

/** Read at a time, so that a large memory fits. */
const PAGE = 1000

/** Vectors of 64 numbers, a quantity in one of them, in place of 32: made anew from the traces. A later step that changes cells takes this one's place. */
export const vectors: Migration = {
  version: 4,
  name: 'vectors',
  sql: 'DELETE FROM vector; DELETE FROM cell;',
  fill(driver: Driver): void {
    const cells = new Cells(driver)
    const page = driver.prepare('SELECT number, body FROM trace WHERE number > ? ORDER BY number LIMIT ?')
    const move = driver.prepare('UPDATE trace SET cell = ? WHERE number = ?')
    for (let [last, more] = [0, true]; more; ) {
      const rows = z.array(Row).parse(page.all(last, PAGE))
      for (const { number, body } of rows) {
        const vector = embed(Embedded.parse(JSON.parse(body)))
        const cell = cells.cellFor(vector)
        move.run(cell, number)
        cells.add(cell, number, vector)
        last = number
      }
      more = rows.length === PAGE
    }
  },
}
