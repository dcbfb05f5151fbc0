import { messageOf } from '../kernel/errors.js'
import { putDropIn, showDropIn } from './drop-in-file.js'
import { type Put, put, show } from './knob-file.js'
import type { Touch } from './records.js'

export type Shown = { readonly text: string | null } | { readonly reason: string; readonly gone: boolean }

type File = Pick<Touch, 'interface' | 'path'>

/** What a file that the journal names shows now: a kernel file or a drop-in. */
export function showTouched(root: string, file: File): Shown {
  if (file.interface !== 'drop-in') return show(root, { interface: file.interface, path: file.path })
  try {
    return { text: showDropIn(root, file.path) }
  } catch (error) {
    return { reason: messageOf(error), gone: false }
  }
}

/** Writes a text there; null removes a drop-in. */
export async function putTouched(root: string, file: File, text: string | null, limitMs: number): Promise<Put> {
  if (file.interface !== 'drop-in') return put(root, { interface: file.interface, path: file.path }, text ?? '', limitMs)
  try {
    putDropIn(root, file.path, text)
    return { outcome: 'written' }
  } catch (error) {
    return { outcome: 'refused', reason: messageOf(error) }
  }
}
