import { messageOf } from '@semantos/core'
import { putDropIn, showDropIn } from './drop-in-file.js'
import { Fields } from './fields.js'
import { type Put, put, show } from './knob-file.js'
import { ownWord } from './own-word.js'
import type { Touch } from './records.js'

/** What a file shows now, without its trailing newline, or why it shows nothing. */
export type Shown = { readonly text: string | null } | { readonly reason: string; readonly gone: boolean }

/** A file that the journal names. */
export type TouchedFile = Pick<Touch, 'interface' | 'path' | 'words'>

/** Sysctls below net may differ from one network namespace to the next. */
export function isOfNetns({ interface: kind, path }: Pick<Touch, 'interface' | 'path'>): boolean {
  return kind === 'sysctl' && path.startsWith('net/')
}

/** What a file that the journal names shows now: a kernel file or a drop-in. */
export function showTouched(root: string, file: TouchedFile): Shown {
  if (file.interface !== 'drop-in') return own(file.words, show(root, { interface: file.interface, path: file.path }))
  try {
    return { text: showDropIn(root, file.path) }
  } catch (error) {
    return { reason: messageOf(error), gone: false }
  }
}

function own(words: readonly string[], shown: ReturnType<typeof show>): Shown {
  if ('reason' in shown) return shown
  const text = ownWord(words, shown.text)
  return text === null ? { reason: `it shows neither ${words.join(' nor ')}`, gone: true } : { text }
}

/** Writes a text there; null removes a drop-in. */
export async function putTouched(root: string, file: TouchedFile, text: string | null, limitMs: number): Promise<Put> {
  if (file.interface !== 'drop-in') return put(root, { interface: file.interface, path: file.path }, text ?? '', limitMs)
  try {
    putDropIn(root, file.path, text)
    return { outcome: 'written' }
  } catch (error) {
    return { outcome: 'refused', reason: messageOf(error) }
  }
}

/** Reads what another process printed of a file. */
export function decodeShown(json: unknown): Shown {
  const o = new Fields(json)
  return o.at('reason') === undefined ? { text: o.textOrNull('text') } : { reason: o.text('reason'), gone: o.at('gone') === true }
}
