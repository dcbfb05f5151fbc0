import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Files by path below a folder. Null: a folder stands in the file's place. */
export type Files = Readonly<Record<string, string | Uint8Array | null>>

/** Where one check of a plugin takes place. */
export interface Folders extends Disposable {
  /** Stands for `/`. */
  readonly root: string
  /** The config's folder. */
  readonly base: string
  /** Of the journal, where the plugin may write to the root. */
  readonly journal: string
}

export function makeFolders(root: Files, base: Files): Folders {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'semantos-conformance-')))
  const folders = { root: join(top, 'root'), base: join(top, 'config'), journal: join(top, 'journal') }
  putFiles(folders.root, root)
  putFiles(folders.base, base)
  return { ...folders, [Symbol.dispose]: () => rmSync(top, { recursive: true, force: true }) }
}

/** Empties a folder and puts these files in it. */
export function putFiles(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    const place = join(folder, path)
    mkdirSync(content === null ? place : dirname(place), { recursive: true })
    if (content !== null) writeFileSync(place, content)
  }
}

/** A folder with all in it: what `putFiles` would need to make it again. Links are told by their targets. */
export function filesIn(folder: string): Files {
  const files: Record<string, string | Uint8Array | null> = {}
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length + 1)
    if (entry.isFile()) files[name] = readFileSync(path)
    else if (entry.isDirectory()) files[name] = null
    else files[name] = entry.isSymbolicLink() ? `-> ${readlinkSync(path)}` : 'neither a file nor a folder'
  }
  return files
}

/** What became of a folder's files, in words; empty where nothing did. */
export function differences(before: Files, after: Files): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.flatMap((name) => {
    if (!(name in before)) return [`${name} was made`]
    if (!(name in after)) return [`${name} was removed`]
    return same(before[name], after[name]) ? [] : [`${name} was changed`]
  })
}

function same(a: Files[string] | undefined, b: Files[string] | undefined): boolean {
  const bytes = (content: Files[string] | undefined) => Buffer.from(content ?? '')
  return a === b || (a !== null && b !== null && bytes(a).equals(bytes(b)))
}
