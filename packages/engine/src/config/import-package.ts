import { existsSync, readdirSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isSemantosError, messageOf, SemantosError } from '@semantos/core'
import { editDistance, similarTo } from '@semantos/core/kernel'
import { loadJiti } from './jiti.js'
import { loadModule } from './load-module.js'
import { packageName, withoutRequireStack } from './missing-import.js'
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
    throw new SemantosError('SEMANTOS_E_PLUGIN_INVALID', {
      message: `${name} cannot be loaded: ${withoutRequireStack(messageOf(error))} (${placeOf(error, file)})`,
      place,
      cause: error,
      next: isSemantosError(error) ? error.next : 'Correct the file at the line in brackets, or report it to the author of the plugin.',
    })
  }
}

function resolveFrom(name: string, from: string, place: string): string {
  if (isBuiltin(name)) throw new SemantosError('SEMANTOS_E_PLUGIN_NOT_FOUND', { message: `${name} is a module of Node's own`, place })
  try {
    return createRequire(from).resolve(name)
  } catch (error) {
    const file = error instanceof Error && 'code' in error && error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? resolveForImport(name, from) : null
    if (file !== null && existsSync(file)) return file
    throw notFound(name, createRequire(from).resolve.paths(name) ?? [], place)
  }
}

/** Not installed; or installed, and not built. `folders` are those called node_modules from the config's upwards. */
function notFound(name: string, folders: readonly string[], place: string): SemantosError {
  const message = `cannot find ${name} from the config's folder`
  if (/^[./]/.test(name)) return new SemantosError('SEMANTOS_E_PLUGIN_NOT_FOUND', { message, place, next: 'Correct the path: it starts from the folder of the config.' })
  const bare = packageName(name)
  const installed = folders.map((folder) => join(folder, bare)).find((folder) => existsSync(folder))
  if (installed !== undefined) {
    return new SemantosError('SEMANTOS_E_PLUGIN_NOT_FOUND', {
      message: `${bare} is installed, but there is no file behind what it exports as ${name} (${join(installed, 'package.json')})`,
      place,
      next: 'Build the package, or correct its exports.',
    })
  }
  const near = nearestPackages(bare, folders.flatMap(packagesIn))
  return new SemantosError('SEMANTOS_E_PLUGIN_NOT_FOUND', { message, place, ...(near.length > 0 ? { next: `Did you mean ${near.join(' or ')}? If not, install the package beside the config.` } : {}) })
}

/** Those whose last part it is, as `procfs` of `@semantos/telemetry-procfs`; else those that it may be mistyped from. */
function nearestPackages(name: string, packages: readonly string[]): string[] {
  const ending = packages.filter((known) => known.endsWith(`/${name}`) || known.endsWith(`-${name}`))
  return ending.length > 0 ? ending.slice(0, 3) : similarTo(name, packages).filter((known) => editDistance(name, known) <= Math.min(3, name.length / 3))
}

function packagesIn(folder: string): string[] {
  return namesIn(folder).flatMap((name) => (name.startsWith('@') ? namesIn(join(folder, name)).map((inner) => `${name}/${inner}`) : [name]))
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

/** A package that exports itself to `import` alone: createRequire does not see it, and Node's own import.meta.resolve has no parent. */
function resolveForImport(name: string, from: string): string | null {
  const url = loadJiti()(from).esmResolve(name, { try: true })
  return url === undefined ? null : fileURLToPath(url)
}
