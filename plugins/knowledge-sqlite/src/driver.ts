import { messageOf, SemantosError, z } from '@semantos/core'

export interface Statement {
  run(...values: readonly SqlValue[]): unknown
  get(...values: readonly SqlValue[]): unknown
  all(...values: readonly SqlValue[]): unknown[]
}
export type SqlValue = string | number | Uint8Array | null

/** What `node:sqlite` and better-sqlite3 have in common. */
export interface Driver {
  exec(sql: string): unknown
  prepare(sql: string): Statement
  loadExtension(path: string): unknown
  close(): unknown
}

type Constructor = new (path: string, options: { allowExtension?: boolean; timeout?: number }) => Driver
const isConstructor = (value: unknown): value is Constructor => typeof value === 'function'
const NodeSqlite = z.object({ DatabaseSync: z.custom<Constructor>(isConstructor) })
const BetterSqlite = z.object({ default: z.custom<Constructor>(isConstructor) })
const SqliteVec = z.object({ getLoadablePath: z.custom<() => string>((value) => typeof value === 'function') })

/** Names in variables: neither module need exist, nor its types. */
const [NODE_SQLITE, BETTER_SQLITE3, SQLITE_VEC] = ['node:sqlite', 'better-sqlite3', 'sqlite-vec']

/** The first SQLite that this Node has, with sqlite-vec loaded: its own (Node 22.13 and later), else better-sqlite3. */
export async function openDriver(path: string): Promise<Driver> {
  const Database = await constructorOf()
  const { getLoadablePath } = await load(SQLITE_VEC, SqliteVec, 'Install sqlite-vec beside this plugin; it needs one of the platforms that its package has a binary for.')
  const driver = new Database(path, { allowExtension: true })
  try {
    driver.loadExtension(getLoadablePath())
    return driver
  } catch (error) {
    driver.close()
    throw missing('sqlite-vec cannot be loaded', 'Install sqlite-vec 0.1.9 for this platform, or use @semantos/knowledge-json.', error)
  }
}

async function constructorOf(): Promise<Constructor> {
  const own = await importIfThere(NODE_SQLITE, NodeSqlite)
  if (own) return own.DatabaseSync
  const better = await importIfThere(BETTER_SQLITE3, BetterSqlite)
  if (better) return better.default
  throw missing('there is no SQLite: this Node has none of its own, and better-sqlite3 is not installed', 'Use Node 22.13 or later, run npm install better-sqlite3, or use @semantos/knowledge-json.')
}

async function load<T>(name: string, shape: z.ZodType<T>, next: string): Promise<T> {
  const module = await importIfThere(name, shape)
  if (module) return module
  throw missing(`${name} is not installed`, next)
}

/** Null where there is no such module; one that is there and broken is an error. */
async function importIfThere<T>(name: string, shape: z.ZodType<T>): Promise<T | null> {
  try {
    return shape.parse(await import(name))
  } catch (error) {
    // Node's words, and those of bundlers and test runners in its place.
    if (/^(?:Cannot find|Could not resolve|No such built-in)/.test(messageOf(error))) return null
    throw missing(`${name} cannot be loaded: ${messageOf(error)}`, `Install ${name} again for this version of Node.`, error)
  }
}

function missing(message: string, next: string, cause?: unknown): SemantosError {
  return new SemantosError('SEMANTOS_E_PLUGIN_NOT_FOUND', { message, next, cause })
}
