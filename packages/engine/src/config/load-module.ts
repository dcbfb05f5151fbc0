import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { types } from 'node:util'
import { cacheFolder } from './cache-folder.js'
import { loadJiti } from './jiti.js'
import { nativeImport } from './native-import.js'

/** The default export of a file in JavaScript or TypeScript: what `export default` or `module.exports` gives. */
export function loadModule(file: string): Promise<unknown> {
  return /\.[mc]?ts$/.test(file) ? loadTypeScript(file) : loadNatively(file)
}

async function loadNatively(file: string): Promise<unknown> {
  return defaultOf(await nativeImport(pathToFileURL(file).href))
}

/** Natively where Node can; through jiti where it cannot, and for what only jiti does: enums, and `./x.js` for `./x.ts`. */
async function loadTypeScript(file: string): Promise<unknown> {
  if (file.endsWith('.ts') && isCommonJs(dirname(file))) return loadWithJiti(file)
  try {
    return await ('typescript' in process.features && process.features.typescript ? loadNatively(file) : requireUntyped(file))
  } catch (error) {
    if (isForJiti(error)) return loadWithJiti(file)
    throw error
  }
}

/**
 * Most configs have no types in them. require() takes a file of an unknown extension for JavaScript, and finds out whether it is
 * a module (https://nodejs.org/docs/latest-v20.x/api/modules.html), so these start without jiti and its 15 ms.
 */
function requireUntyped(file: string): unknown {
  const loaded: unknown = createRequire(import.meta.url)(file)
  return isModule(loaded) ? defaultOf(loaded) : loaded
}

/** Whether the nearest package.json says so. Node then takes `.ts` for CommonJS, and warns on stderr where it is a module. */
function isCommonJs(folder: string): boolean {
  const file = join(folder, 'package.json')
  if (existsSync(file)) return /"type"\s*:\s*"commonjs"/.test(readFileSync(file, 'utf8'))
  return dirname(folder) !== folder && isCommonJs(dirname(folder))
}

const JITI_CAN: ReadonlySet<unknown> = new Set([
  'ERR_MODULE_NOT_FOUND',
  'ERR_REQUIRE_ASYNC_MODULE',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
])

function isForJiti(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && 'code' in error && JITI_CAN.has(error.code))
}

async function loadWithJiti(file: string): Promise<unknown> {
  const jiti = loadJiti()(import.meta.url, { fsCache: cacheFolder(dirname(file)), interopDefault: false })
  const loaded: unknown = await jiti.import(file)
  return isModule(loaded) ? defaultOf(loaded) : loaded
}

function defaultOf(loaded: unknown): unknown {
  return hasDefault(loaded) ? loaded.default : undefined
}

function hasDefault(loaded: unknown): loaded is { readonly default: unknown } {
  return typeof loaded === 'object' && loaded !== null && 'default' in loaded
}

/** False for what `module.exports` was set to. */
function isModule(loaded: unknown): boolean {
  return types.isModuleNamespaceObject(loaded) || (typeof loaded === 'object' && loaded !== null && '__esModule' in loaded)
}
