import { spawnSync } from 'node:child_process'
import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { messageOf } from '@semantos/core'
import { framesOf, stackOf } from '@semantos/core/kernel'

/** The file and line that an error of loading `file` points to, as exactly as it says; else the file. */
export function placeOf(error: unknown, file: string): string {
  return aboveStack(stackOf(error)) ?? inTranspiler(messageOf(error)) ?? inData(stripVTControlCharacters(messageOf(error)), file) ?? inFrames(error, file) ?? (error instanceof SyntaxError ? inChild(file) : null) ?? file
}

/** V8 puts the place of a syntax error above everything else. */
function aboveStack(stack: string): string | null {
  return placed(/^(file:\/\/\/[^\n]+|\/[^\n]+)(:\d+)\n/.exec(stack))
}

/**
 * Of a module it does so only for an error that ends a process, so one is ended. Nothing of the file runs: its syntax is
 * checked before.
 */
function inChild(file: string): string | null {
  const { stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 10_000 })
  return placed(/^(file:\/\/\/.+|\/.+)(:\d+)$/m.exec(stderr))
}

/** jiti ends its message with it. */
function inTranspiler(message: string): string | null {
  return placed(/^ParseError: [^]*\n (\/[^\n]+?)(:\d+:\d+)$/.exec(message))
}

/** parse-json marks the line with `> 3 |`, newer versions of V8 say `(line 3 column 12)`, js-yaml says `(3:1)`. */
function inData(message: string, file: string): string | null {
  const line = message.startsWith('JSON Error') ? /^> *(\d+) \|/m.exec(message) ?? /\(line (\d+) column/.exec(message) : message.startsWith('YAML Error') ? /\((\d+:\d+)\)/.exec(message) : null
  return line?.[1] === undefined ? null : `${file}:${line[1]}`
}

/** The innermost frame in the folder of the file: what a config threw itself, not what it called in a package. */
function inFrames(error: unknown, file: string): string | null {
  const home = dirname(file) + sep
  return framesOf(error).find((frame) => frame.startsWith(home) && !frame.includes(`node_modules${sep}`, home.length)) ?? null
}

function placed(match: RegExpExecArray | null): string | null {
  const [, where = '', line = ''] = match ?? []
  if (where === '') return null
  return (where.startsWith('file:') ? fileURLToPath(where) : where) + line
}
