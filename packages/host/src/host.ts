import { type Catalogue, type HostWriter, SemantosError } from '@semantos/core'
import { KnobReader } from './read-knob.js'
import { FileReader } from './reader.js'
import type { Scope } from './records.js'
import type { Run } from './run.js'
import { KnobWriter } from './writer.js'

/** The host interface, and the one run that may write through it now. */
export interface Host extends HostWriter, AsyncDisposable {
  /** Until `end`, writes go through this run; another run is refused meanwhile. */
  beginWriting(this: void, writable: Writable): { end(this: void): Promise<void> }
}

/** Which run writes, and what may be written. */
export interface Writable {
  readonly run: Run
  /** Asked at each write: plugins fill it after the host was opened. */
  catalogue(): Catalogue
}

/** How a host is opened. */
export interface HostOptions {
  /** The folder that stands for `/`. */
  readonly root: string
  /** Whose values are read, from `enterNetns`; the host's without it. */
  readonly scope?: Scope
  /** Permission to write, and the catalogue that says what: nothing outside it is ever opened for writing. Closed with the host. */
  readonly writable?: Writable | null
}

/** Opens the host interface, the only code that reads and writes kernel files. Without `writable` or `beginWriting`, every write is refused. */
export function openHost({ root, scope, writable = null }: HostOptions): Host {
  const reader = new FileReader(root)
  const knobs = new KnobReader(reader, scope?.kind === 'netns')
  let writer: KnobWriter | null = null
  const beginWriting: Host['beginWriting'] = (writable) => {
    if (writer) throw new SemantosError('SEMANTOS_E_LOCKED', { message: 'another run of this process is writing', next: 'Wait until it has ended.' })
    const own = new KnobWriter(writable.run, () => writable.catalogue(), reader)
    writer = own
    return {
      end: async () => {
        if (writer === own) writer = null
        await own.close()
        await writable.run.close()
      },
    }
  }
  const writing = writable && beginWriting(writable)
  return {
    root,
    beginWriting,
    open: (path) => reader.open(path),
    list: (path) => reader.list(path),
    link: (path) => reader.link(path),
    readKnob: (knob) => knobs.read(knob),
    write: (writes, by, signal) => writer?.write(writes, by, signal) ?? Promise.reject(readOnly()),
    restore: (refs, by) => writer?.restore(refs, by) ?? Promise.reject(readOnly()),
    persist: (dropIns, by) => writer?.persist(dropIns, by) ?? Promise.reject(readOnly()),
    [Symbol.asyncDispose]: async () => {
      try {
        await writing?.end()
      } finally {
        reader.close()
      }
    },
  }
}

function readOnly(): SemantosError {
  return new SemantosError('SEMANTOS_E_APPLY_REFUSED', {
    message: 'this run may not change the host',
    next: 'Run it as root with --apply; without it, semantos plan shows what would be done.',
  })
}
