import type { KnobValue } from '@semantos/core'

/** Where something was read. Lines count from 1. */
export interface Source {
  readonly file: string
  readonly line: number
}

/** One value that a file asks for. */
export interface Setting {
  /**
   * A knob's name; for some devices only, with patterns of their names in brackets: `block.read_ahead_kb[sd*,!sda]`.
   * Where two settings speak of one knob on one device, the later one holds.
   */
  readonly knob: string
  readonly value: KnobValue
  /** `raise only`: leave a value that is as large or larger; `lower only`: one that is as small or smaller. */
  readonly condition: 'raise only' | 'lower only' | null
  readonly source: Source
}

/** A line that has no counterpart here, and why. */
export interface Unmapped {
  readonly key: string
  readonly value: string
  readonly reason: string
  readonly source: Source
}

export interface Imported {
  readonly settings: readonly Setting[]
  readonly unmapped: readonly Unmapped[]
}

/** The files that an import may read; nothing here opens one itself. */
export interface Files {
  /** The text of a file, or null where there is none. */
  read(path: string): string | null
  /** The names in a folder; empty where there is none. */
  list(folder: string): readonly string[]
}
