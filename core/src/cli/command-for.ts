import { resolve } from 'node:path'
import { type JournalPlace, STATE_DIR } from '../host/index.js'

/** A command for somebody to type, about the same host and the same journals. */
export function commandFor(words: string, { root, stateDir }: Required<JournalPlace>): string {
  const place = [
    ...(resolve(root) === '/' ? [] : [`--root ${quoted(resolve(root))}`]),
    ...(resolve(stateDir) === STATE_DIR ? [] : [`--state-dir ${quoted(resolve(stateDir))}`]),
  ]
  return ['semantos', words, ...place].join(' ')
}

function quoted(path: string): string {
  return /^[\w./:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
