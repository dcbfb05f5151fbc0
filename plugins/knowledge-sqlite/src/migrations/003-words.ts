import type { Migration } from './migration.js'

/** Words of a trace: workload, machine, knobs, verdict. A knob's name is one word. */
export const words: Migration = {
  version: 3,
  name: 'words',
  sql: `CREATE VIRTUAL TABLE trace_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = "unicode61 tokenchars '._-'");`,
}
