import type { Applied, Undone } from '../model/change.js'
import type { Knob, KnobRef } from '../model/knob.js'
import type { KnobValue } from '../model/value.js'
import type { Reading } from '../model/change.js'

/** A kernel file kept open between reads: reading again costs one system call. */
export interface KernelFile {
  readonly path: string
  /** The whole text as the kernel shows it now, or why it cannot be read. */
  read(): { readonly text: string } | { readonly reason: string }
}

/** The read-only door to the operating system, for every plugin. Paths are absolute on the host and resolved under the root. */
export interface HostReader {
  /** The folder that stands for `/`, as node_exporter's --path.rootfs. */
  readonly root: string
  /** Opens a file lazily; the kernel closes it when the run ends. */
  open(path: string): KernelFile
  /** Names in a folder, sorted; empty where there is no such folder. */
  list(path: string): readonly string[]
  /** The target of a symbolic link, or null. */
  link(path: string): string | null
  /** A knob's value on every device that has it. */
  readKnob(knob: Knob): readonly Reading[]
}

/** One value to be written. The catalogue says where and how; what it does not hold is never written. */
export interface Write {
  readonly ref: KnobRef
  readonly value: KnobValue
}

/** A file of SemantOS under /etc that makes values outlive a restart: its whole text, or null to remove it. */
export interface DropIn {
  readonly path: string
  readonly text: string | null
}

/**
 * The writing door, for appliers only. Each write stands in the journal, on disk, before it is made. `by` is the plugin's
 * name. Everything throws SEMANTOS_E_APPLY_REFUSED where the run may not write.
 */
export interface HostWriter extends HostReader {
  /** Writes, reads each back; on a failure, or when `signal` aborts, takes back what this call wrote and throws SEMANTOS_E_APPLY_FAILED. */
  write(writes: readonly Write[], by: string, signal?: AbortSignal): Promise<readonly Applied[]>
  /** Takes back this run's writes to these knobs, newest first; a value changed by somebody else is left alone. */
  restore(refs: readonly KnobRef[], by: string): Promise<readonly Undone[]>
  /** Writes drop-ins, with a journal entry each, so that a rollback removes them or brings back what was there. */
  persist(dropIns: readonly DropIn[], by: string): Promise<void>
}
