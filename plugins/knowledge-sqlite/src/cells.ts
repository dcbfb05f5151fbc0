import { z } from '@semantos/core'
import type { Driver, Statement } from './driver.js'
import { bytesOf, squaredDistance, vectorOf } from './embedding.js'
import { halves } from './halves.js'

/** A cell with more vectors is divided. Small cells make a search read few vectors that it does not need. */
const FULL = 512

const Blob = z.custom<Uint8Array>((value) => value instanceof Uint8Array)
const CellRow = z.object({ number: z.int(), centroid: Blob })
const Count = z.object({ members: z.int(), split_above: z.int() })
const Member = z.object({ trace: z.int(), embedding: Blob })

interface Cell {
  readonly number: number
  centroid: Float32Array
}

/** Which cell a vector belongs to. Read inside one transaction, so that no other process divides cells meanwhile. */
export class Cells {
  readonly #cells: Cell[]
  readonly #insert: Statement
  readonly #delete: Statement
  readonly #grow: Statement

  constructor(readonly driver: Driver) {
    this.#insert = driver.prepare('INSERT INTO vector VALUES (?, ?, ?)')
    this.#delete = driver.prepare('DELETE FROM vector WHERE cell = ? AND trace = ?')
    this.#grow = driver.prepare('UPDATE cell SET members = members + ? WHERE number = ? RETURNING members, split_above')
    this.#cells = z.array(CellRow).parse(driver.prepare('SELECT number, centroid FROM cell').all()).map(({ number, centroid }) => ({ number, centroid: vectorOf(centroid) }))
  }

  /** The cell whose centroid is nearest; the first vector founds the first cell. */
  cellFor(vector: Float32Array): number {
    let [nearest, least] = [this.#cells[0], Number.POSITIVE_INFINITY]
    for (const cell of this.#cells) {
      const distance = squaredDistance(vector, cell.centroid, least)
      if (distance < least) [nearest, least] = [cell, distance]
    }
    return nearest?.number ?? this.#found(vector, 0)
  }

  add(cell: number, trace: number, vector: Float32Array): void {
    this.#insert.run(cell, trace, bytesOf(vector))
    const { members, split_above } = Count.parse(this.#grow.get(1, cell))
    if (members > split_above) this.#divide(cell)
  }

  remove(cell: number, trace: number): void {
    this.#delete.run(cell, trace)
    this.#grow.get(-1, cell)
  }

  #found(centroid: Float32Array, members: number): number {
    const row = this.driver.prepare('INSERT INTO cell (centroid, members, split_above) VALUES (?, ?, ?) RETURNING number, centroid').get(bytesOf(centroid), members, FULL)
    const { number } = CellRow.parse(row)
    this.#cells.push({ number, centroid })
    return number
  }

  /** One half stays, the other moves to a new cell. What is all the same cannot be divided, and is not tried again until it has doubled. */
  #divide(cell: number): void {
    const members = z.array(Member).parse(this.driver.prepare('SELECT trace, embedding FROM vector WHERE cell = ?').all(cell))
    const divided = halves(members.map(({ embedding }) => vectorOf(embedding)))
    if (!divided) return void this.driver.prepare('UPDATE cell SET split_above = 2 * members WHERE number = ?').run(cell)
    const [stays, goes] = divided
    this.driver.prepare('UPDATE cell SET centroid = ?, members = ?, split_above = ? WHERE number = ?').run(bytesOf(stays.centroid), stays.members.length, FULL, cell)
    for (const known of this.#cells) if (known.number === cell) known.centroid = stays.centroid
    const to = this.#found(goes.centroid, goes.members.length)
    const [moveVector, moveTrace] = [this.driver.prepare('UPDATE vector SET cell = ? WHERE cell = ? AND trace = ?'), this.driver.prepare('UPDATE trace SET cell = ? WHERE number = ?')]
    for (const place of goes.members) {
      const trace = members[place]?.trace ?? 0
      moveVector.run(to, cell, trace)
      moveTrace.run(to, trace)
    }
  }
}
