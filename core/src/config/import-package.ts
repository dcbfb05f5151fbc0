import { createRequire, isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import { SemantosError, messageOf } from '../kernel/errors.js'
import { loadJiti } from './jiti.js'
import { loadModule } from './load-module.js'
import { placeOf } from './place-of.js'
import { refuseForeignCode } from './refuse-foreign-code.js'

/** What a config named, and the file it was found in. */
export interface Imported {
  readonly file: string
  /** Its default export. */
  readonly value: unknown
}

/** Loads a package or file, resolved from the config that names it. */
export async function importPackage(name: string, from: string, place: string): Promise<Imported> {
  const file = resolveFrom(name, from, place)
  refuseForeignCode(file, place)
  try {
    return { file, value: await loadModule(file) }
  } catch (error) {
    throw new SemantosError('SEMANTOS_E_PLUGIN_INVALID', { message: `${name} cannot be loaded: ${messageOf(error)} (${placeOf(error, file)})`, place, cause: error })
  }
}

function resolveFrom(name: string, from: string, place: string): string {
  if (isBuiltin(name)) throw new SemantosError('SEMANTOS_E_PLUGIN_NOT_FOUND', { message: `${name} is a module of Node's own`, place })
  try {
    return createRequire(from).resolve(name)
  } catch (error) {
    const file = error instanceof Error && 'code' in error && error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? resolveForImport(name, from) : null
    if (file !== null) return file
    throw new SemantosError('SEMANTOS_E_PLUGIN_NOT_FOUND', { message: `cannot find ${name} from the config's folder`, place, cause: error })
  }
}

/** A package that exports itself to `import` alone: createRequire does not see it, and Node's own import.meta.resolve has no parent. */
function resolveForImport(name: string, from: string): string | null {
  const url = loadJiti()(from).esmResolve(name, { try: true })
  return url === undefined ? null : fileURLToPath(url)
}
