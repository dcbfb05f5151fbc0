import { SemantosError, z } from '@semantos/core'
import type { Driver } from '../driver.js'
import { traces } from './001-traces.js'
import { cells } from './002-cells.js'
import { words } from './003-words.js'
import { vectors } from './004-vectors.js'
import type { Migration } from './migration.js'

export const MIGRATIONS: readonly Migration[] = [traces, cells, words, vectors]

const Latest = z.object({ version: z.int().nullable() })

/** Brings the schema up to date, all steps or none. Two processes that open a new file at once do it once. */
export function migrate(driver: Driver, path: string, now: Date, migrations: readonly Migration[] = MIGRATIONS): void {
  driver.exec('BEGIN IMMEDIATE')
  try {
    driver.exec('CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied TEXT NOT NULL)')
    const { version } = Latest.parse(driver.prepare('SELECT max(version) AS version FROM migration').get())
    const newest = migrations.at(-1)?.version ?? 0
    if ((version ?? 0) > newest) throw tooNew(path, version ?? 0, newest)
    const note = driver.prepare('INSERT INTO migration VALUES (?, ?, ?)')
    for (const migration of migrations) {
      if (migration.version <= (version ?? 0)) continue
      driver.exec(migration.sql)
      migration.fill?.(driver)
      note.run(migration.version, migration.name, now.toISOString())
    }
    driver.exec('COMMIT')
  } catch (error) {
    driver.exec('ROLLBACK')
    throw error
  }
}

function tooNew(path: string, found: number, known: number): SemantosError {
  return new SemantosError('SEMANTOS_E_DATA_INVALID', {
    message: `${path} has schema version ${found}; this version of the plugin knows up to ${known}`,
    place: path,
    next: 'Install a newer @semantos/knowledge-sqlite, or name another file.',
  })
}
