import type { Migration } from './migration.js'

/** Vectors in cells of near ones, each cell stored in one piece: a search reads a few cells, not all vectors. */
export const cells: Migration = {
  version: 2,
  name: 'cells',
  sql: `
    CREATE TABLE cell (
      number INTEGER PRIMARY KEY,
      centroid BLOB NOT NULL,
      members INTEGER NOT NULL,
      split_above INTEGER NOT NULL
    );
    CREATE TABLE vector (
      cell INTEGER NOT NULL,
      trace INTEGER NOT NULL,
      embedding BLOB NOT NULL,
      PRIMARY KEY (cell, trace)
    ) WITHOUT ROWID;
  `,
}
