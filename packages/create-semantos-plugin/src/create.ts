import { readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf, SemantosError } from '@semantos/core'
import { makeFolder } from '@semantos/host'
import { type NewPlugin, filesOf } from './files.js'

/** Writes a new plugin into a folder that is empty or not there yet. Nothing that exists is written over. */
export function createPlugin(plugin: NewPlugin, folder: string): void {
  const files = filesOf(plugin)
  try {
    makeFolder(folder)
    const [found] = readdirSync(folder)
    if (found !== undefined) {
      throw new SemantosError('SEMANTOS_E_USAGE', { message: `the folder is not empty: it has ${found}`, place: folder, next: 'Name another one with --folder.' })
    }
    for (const [path, text] of files) {
      makeFolder(dirname(join(folder, path)))
      writeFileSync(join(folder, path), text, { flag: 'wx' })
    }
  } catch (error) {
    if (error instanceof SemantosError) throw error
    throw new SemantosError('SEMANTOS_E_WRITE_FAILED', { message: messageOf(error), place: folder, cause: error })
  }
}
