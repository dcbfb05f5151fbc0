import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { type CosmiconfigResult, cosmiconfig } from 'cosmiconfig'
import { isSemantosError, messageOf, SemantosError } from '@semantos/core'
import { located } from '@semantos/core/kernel'
import { loadModule } from './load-module.js'
import { missingImport } from './missing-import.js'
import { placeOf } from './place-of.js'
import { refuseForeignCode } from './refuse-foreign-code.js'

export interface FoundConfig {
  readonly file: string
  readonly content: unknown
}

const IN_CODE = ['.ts', '.mts', '.js', '.mjs', '.cjs']
const ENDINGS = [...IN_CODE, '.json', '.yaml', '.yml']

const NAMES = [
  ...ENDINGS.map((ending) => `semantos.config${ending}`),
  ...['', '.json', '.yaml', '.yml', '.js', '.mjs', '.cjs', '.ts', '.mts'].map((ending) => `.semantosrc${ending}`),
  'package.json',
]

/** Whether a name is one of a file that can hold a config. */
export function isFileName(name: string): boolean {
  return ENDINGS.includes(extname(name))
}

/** Finds the config from a folder upwards to the project's own folder, or loads the file that was named. */
export async function findConfig(folder: string, file: string | null): Promise<FoundConfig> {
  if (file !== null && !existsSync(file)) throw new SemantosError('SEMANTOS_E_CONFIG_NOT_FOUND', { message: 'there is no such file', place: file })
  const ending = file === null ? '' : extname(file)
  if (ending !== '' && !ENDINGS.includes(ending)) {
    throw new SemantosError('SEMANTOS_E_CONFIG_UNREADABLE', { message: `a config cannot be written in ${ending}`, place: file, next: `Use one of ${ENDINGS.join(', ')}.` })
  }
  let found: CosmiconfigResult
  try {
    const explorer = cosmiconfig('semantos', {
      searchPlaces: NAMES,
      searchStrategy: 'project',
      // An empty file is a mistake to be told, not a reason to look elsewhere.
      ignoreEmptySearchPlaces: false,
      loaders: Object.fromEntries(IN_CODE.map((ending) => [ending, loadCode])),
    })
    found = file === null ? await explorer.search(folder) : await explorer.load(file)
  } catch (error) {
    throw unreadable(error, file ?? fileIn(messageOf(error)) ?? folder)
  }
  if (found && !found.isEmpty) {
    // Data runs nothing by itself, and still says which plugins run, and with which command lines.
    refuseForeignCode(found.filepath, found.filepath)
    return { file: found.filepath, content: found.config }
  }
  if (found) throw empty(found.filepath)
  throw new SemantosError('SEMANTOS_E_CONFIG_NOT_FOUND', { message: `no semantos.config.* between ${folder} and the project's root`, place: folder })
}

function empty(file: string): SemantosError {
  if (!IN_CODE.includes(extname(file))) return new SemantosError('SEMANTOS_E_CONFIG_INVALID', { message: 'the config is empty', place: file })
  return new SemantosError('SEMANTOS_E_CONFIG_INVALID', { message: 'the config has no default export', place: file, next: 'Write export default defineConfig({ … }).' })
}

/** Wrapped at once: cosmiconfig passes over a config that fails with ENOENT, also when it was the config's own file that is missing. */
async function loadCode(file: string): Promise<unknown> {
  refuseForeignCode(file, file)
  try {
    return await loadModule(file)
  } catch (error) {
    throw unreadable(error, file)
  }
}

/** cosmiconfig names the file of data that it cannot parse. */
function fileIn(message: string): string | null {
  return /^(?:JSON|YAML) Error in (.+):/.exec(message)?.[1] ?? null
}

function unreadable(error: unknown, file: string): SemantosError {
  if (isSemantosError(error)) return error.place === null ? located(error, placeOf(error, file)) : error
  const missing = missingImport(error, file)
  if (missing) return new SemantosError('SEMANTOS_E_CONFIG_UNREADABLE', missing)
  // parse-json colours its frame where it believes itself on a terminal, such as under CI=true.
  const message = stripVTControlCharacters(messageOf(error))
  return new SemantosError('SEMANTOS_E_CONFIG_UNREADABLE', { message: onceFramed(message), place: placeOf(error, file) })
}

/** parse-json shows the lines around the mistake, and cosmiconfig shows them once more. */
function onceFramed(message: string): string {
  return message.replace(/^(JSON Error in .*): \n\n[^]+?\n\n(?=[A-Z])/, '$1:\n')
}
