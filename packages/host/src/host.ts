import { type Catalogue, type HostWriter, SemantosError } from '@semantos/core'
import { KnobReader } from './read-knob.js'
import { FileReader } from './reader.js'
import type { Scope } from './records.js'
import type { Run } from './run.js'
import { KnobWriter } from './writer.js'

/** Who writes, and what may be written. */
export interface Writable {
  readonly run: Run
  /** Asked at each write: plugins fill it after the door was opened. */
  catalogue(): Catalogue
}

/** What the door opens to. */
export interface HostOptions {
  /** The folder that stands for `/`. */
  readonly root: string
  /** Whose values are read, from `enterNetns`; the host's without it. */
  readonly scope?: Scope
  /** Leave to write, and the catalogue that says what: nothing outside it is ever opened for writing. Closed with the host. */
  readonly writable?: Writable | null
}

/** Opens the only door to the operating system. Without `writable`, every write is refused. */
export function openHost({ root, scope, writable = null }: HostOptions): HostWriter & AsyncDisposable {
  const reader = new FileReader(root)
  const knobs = new KnobReader(reader, scope?.kind === 'netns')
  const writer = writable && new KnobWriter(writable.run, () => writable.catalogue(), reader)
  return {
    root,
    open: (path) => reader.open(path),
    list: (path) => reader.list(path),
    link: (path) => reader.link(path),
    readKnob: (knob) => knobs.read(knob),
    write: (writes, by, signal) => writer?.write(writes, by, signal) ?? Promise.reject(readOnly()),
    restore: (refs, by) => writer?.restore(refs, by) ?? Promise.reject(readOnly()),
    persist: (dropIns, by) => writer?.persist(dropIns, by) ?? Promise.reject(readOnly()),
    [Symbol.asyncDispose]: async () => {
      await writer?.close()
      reader.close()
      await writable?.run.close()
    },
  }
}

function readOnly(): SemantosError {
  return new SemantosError('SEMANTOS_E_APPLY_REFUSED', {
    message: 'this run may not change the host',
    next: 'Run it as root with --apply; without it, semantos plan shows what would be done.',
  })
}
