import { type Catalogue, type Interface, joinRef, type Knob, ownWords } from '@semantos/core'

/** A knob behind a path, and the pattern of the devices that the path names: null for all of them, or for a knob without devices. */
export interface Found {
  readonly knob: Knob
  readonly devices: string | null
}

/** A pattern that a knob reference can hold in its brackets. */
const DEVICES = /^[A-Za-z0-9_.:@*?-]+$/

/** Finds the knobs of a catalogue by their files. */
export class KnobPaths {
  readonly #knobs: readonly { readonly knob: Knob; readonly segments: readonly string[] }[]

  constructor(catalogue: Catalogue) {
    // A file of many switches is no one knob's.
    const knobs = [...catalogue]
      .filter(({ type }) => ownWords(type).length === 0)
      .flatMap((knob) => [knob.where.path, ...knob.where.also_at].map((path) => ({ knob, segments: path.split('/') })))
    // A path of its own is meant before one that stands for every device.
    this.#knobs = knobs.sort((a, b) => starsIn(a.segments) - starsIn(b.segments))
  }

  /** The knob whose file this is, relative to the interface's folder; `*`, `?` and `[…]` in the path may name several. */
  find(kind: Interface, path: string): readonly Found[] {
    const wanted = path.split('/')
    const patterns = wanted.map(globExpression)
    return this.#knobs.flatMap(({ knob, segments }): Found[] => {
      if (knob.where.interface !== kind || segments.length !== wanted.length) return []
      if (!segments.every((segment, index) => segment === '*' || patterns[index]?.test(segment) === true)) return []
      const devices = wanted.filter((_, index) => segments[index] === '*')
      if (devices.every((device) => device === '*')) return [{ knob, devices: null }]
      const joined = devices.join(':')
      return DEVICES.test(joined) ? [{ knob, devices: joined }] : []
    })
  }
}

/** A knob's name with device patterns, as settings hold it. */
export function knobPattern({ knob, devices }: Found): string {
  return joinRef(knob.name, devices)
}

export function isGlob(path: string): boolean {
  return /[*?[]/.test(path)
}

/** A shell pattern as a regular expression. A bracket without its partner stands for itself, as in glob(7). */
export function globExpression(glob: string): RegExp {
  const source = glob.replace(/\[(!?)([^\]/]+)\]|[\s\S]/g, (part: string, not: string | undefined, members: string | undefined) => {
    if (members !== undefined) return `[${not === '!' ? '^' : ''}${members.replace(/[\\\]^[]/g, '\\$&').replace(/-(?=-)/g, '\\-')}]`
    if (part === '*') return '[^/]*'
    return part === '?' ? '[^/]' : part.replace(/[\\^$.|+()[\]{}/-]/g, '\\$&')
  })
  try {
    return new RegExp(`^${source}$`, 's')
  } catch {
    // Such as the range z-a, which glob(7) leaves undefined.
    return /^(?!)/
  }
}

function starsIn(segments: readonly string[]): number {
  return segments.filter((segment) => segment === '*').length
}
