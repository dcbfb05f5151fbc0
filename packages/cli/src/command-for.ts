import { resolve } from 'node:path'
import { type JournalPlace, STATE_DIR } from '@semantos/host'

/** A command for somebody to type, about the same host and the same journals. */
export function commandFor(words: string, { root, stateDir }: Required<JournalPlace>): string {
  const place = [
    ...(resolve(root) === '/' ? [] : [`--root ${shellWord(resolve(root))}`]),
    ...(resolve(stateDir) === STATE_DIR ? [] : [`--state-dir ${shellWord(resolve(stateDir))}`]),
  ]
  return ['semantos', words, ...place].join(' ')
}

/** As a shell takes it for one word. */
export function shellWord(path: string): string {
  return /^[\w./:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
