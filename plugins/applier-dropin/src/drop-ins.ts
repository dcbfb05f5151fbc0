import { type Applied, type Catalogue, type DropIn, type HostReader, type Knob, type KnobRef, knobText } from '@semantos/core'
import { type Kept, keyOf, lineFor } from './lines.js'

export type Places = Readonly<Record<Kept['kind'], string>>

/** Our files; the number decides who is read later, ours or another's: the higher one wins. */
export function placesFor(number: number): Places {
  return {
    sysctl: `/etc/sysctl.d/${number}-semantos.conf`,
    udev: `/etc/udev/rules.d/${number}-semantos.rules`,
    tmpfiles: '/etc/tmpfiles.d/semantos.conf',
  }
}

const KINDS = ['sysctl', 'udev', 'tmpfiles'] as const
const HEADER = '# Kernel parameters that SemantOS has set, to be set again at boot. Written by SemantOS; `semantos rollback`\n# takes them out again, and the file may be removed at any time.\n'

interface Left {
  readonly knob: KnobRef
  readonly reason: string
}

/** The files that keep these values beside those that are kept already, and what cannot be kept. */
export function dropInsFor(host: HostReader, catalogue: Catalogue, applied: readonly Applied[], number: number): { files: readonly DropIn[]; left: readonly Left[] } {
  const kept: Kept[] = []
  const left: Left[] = []
  for (const { knob: ref, stored } of applied) {
    const knob = catalogue.get(ref)
    const path = knob ? pathOf(knob, ref) : null
    const line = knob && path !== null ? lineFor(knob, path, knobText(knob.type, stored)) : { reason: 'its file is not known' }
    if ('reason' in line) left.push({ knob: ref, reason: line.reason })
    else kept.push(line)
  }
  const places = placesFor(number)
  const files = KINDS.flatMap((kind) => {
    const lines = kept.filter((one) => one.kind === kind)
    return lines.length === 0 ? [] : [{ path: places[kind], text: merged(kind, textOf(host, places[kind]) ?? '', lines) }]
  })
  return { files, left }
}

/** What removes all our files that are there. */
export function removals(host: HostReader, number: number): DropIn[] {
  const places = placesFor(number)
  return KINDS.map((kind) => places[kind]).filter((path) => textOf(host, path) !== null).map((path) => ({ path, text: null }))
}

/** Lines of earlier runs stay, but for settings that are set anew. */
function merged(kind: Kept['kind'], before: string, lines: readonly Kept[]): string {
  const byKey = new Map<string, string>()
  for (const line of before.split('\n')) {
    const key = keyOf(kind, line)
    if (key !== null) byKey.set(key, line)
  }
  for (const { key, line } of lines) byKey.set(key, line)
  return `${HEADER}${[...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => `${line}\n`).join('')}`
}

/** The knob's path with the device in place of each `*`; null where the two do not fit. */
function pathOf(knob: Knob, ref: KnobRef): string | null {
  const bracket = ref.indexOf('[')
  const device = bracket < 0 ? null : ref.slice(bracket + 1, -1)
  const stars = knob.where.path.split('*').length - 1
  if (device === null || stars === 0) return device === null && stars === 0 ? knob.where.path : null
  const names = stars === 1 ? [device] : device.split(':')
  return names.length === stars ? knob.where.path.replace(/\*/g, () => names.shift() ?? '') : null
}

function textOf(host: HostReader, path: string): string | null {
  const read = host.open(path).read()
  return 'text' in read ? read.text : null
}
