import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ErrorDetail, messageOf } from '@semantos/core'

/**
 * What to say where a config imports what is not there; null for any other error. The line is looked up in the file, because
 * loaders name none, or that of compiled code.
 */
export function missingImport(error: unknown, config: string): ErrorDetail | null {
  if (!(error instanceof Error && 'code' in error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND'))) return null
  const wanted = /^Cannot find (?:module|package) '([^']+)'/.exec(error.message)?.[1]
  if (wanted === undefined) return null
  const importer = importerIn(error.message) ?? config
  const lines = readFileSync(importer, 'utf8').split('\n').map(specifiersIn)
  const isWanted = (specifier: string) => specifier === wanted || packageName(specifier) === wanted || (specifier.startsWith('.') && wanted.endsWith(specifier.replace(/^[./]+/, '/')))
  const index = lines.findIndex((specifiers) => specifiers.some(isWanted))
  const specifier = lines[index]?.find(isWanted) ?? wanted
  return {
    message: withoutRequireStack(messageOf(error)),
    place: index < 0 ? importer : `${importer}:${index + 1}`,
    next: /^[./]/.test(specifier) ? 'Correct the path in the import.' : `npm install ${packageName(specifier)} beside the config, or correct its name.`,
  }
}

/** Node lists every file on the way to the import. */
export function withoutRequireStack(message: string): string {
  return message.replace(/\nRequire stack:[^]*$/, '')
}

/** `@acme/tools/part` is a part of `@acme/tools`. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function importerIn(message: string): string | null {
  const [, where = ''] = / imported from (.+)$/m.exec(message) ?? /\nRequire stack:\n- (.+)/.exec(message) ?? []
  const file = where.startsWith('file:') ? fileURLToPath(where) : where
  return existsSync(file) ? file : null
}

/** What stands in quotes behind `from`, `import` or `require`. */
function specifiersIn(line: string): string[] {
  return [...line.matchAll(/(?:from|import|require)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, specifier = '']) => specifier)
}
