import type { Migration } from './migration.js'

/** Traces as JSON, in the order in which they were learnt. */
export const traces: Migration = {
  version: 1,
  name: 'traces',
  sql: `
    CREATE TABLE trace (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      time TEXT NOT NULL,
      cell INTEGER NOT NULL,
      body TEXT NOT NULL
    );
    CREATE INDEX trace_by_time ON trace (time, id);
  `,
}
