import type { Catalogue } from '@semantos/core'
import { filesInOrder } from './files-in-order.js'
import type { Files, Imported, Source } from './imported.js'
import { type Found, KnobPaths, globExpression, isGlob } from './knob-paths.js'
import { Findings } from './settle.js'

/** Highest precedence first: sysctl.d(5). */
const SYSCTL_FOLDERS = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d']

/** The sysctl.d files of these folders in the order in which they are read. */
export function sysctlFiles(files: Files, folders: readonly string[] = SYSCTL_FOLDERS): string[] {
  return filesInOrder(files, folders, '.conf')
}

/** One line. A value of null takes the key out of what a pattern would set. */
interface Assignment {
  readonly key: string
  readonly path: string
  readonly value: string | null
  readonly source: Source
}

/**
 * Reads sysctl.d files in this order, in the syntax that systemd and procps share: a later line replaces an earlier one, a key
 * with `*`, `?` or `[…]` stands for every parameter that matches and has no line of its own, `-` before a key forgives errors.
 */
export function importSysctlD(paths: readonly string[], files: Files, catalogue: Catalogue): Imported {
  const findings = new Findings()
  const assignments = new Map<string, Assignment>()
  for (const path of paths) for (const line of linesOf(files.read(path) ?? '', path, findings)) {
    assignments.delete(line.path)
    assignments.set(line.path, line)
  }
  const knobs = new KnobPaths(catalogue)
  const [patterns, plain] = [[...assignments.values()].filter(({ path }) => isGlob(path)), [...assignments.values()].filter(({ path }) => !isGlob(path))]
  for (const assignment of patterns) setPattern(assignment, knobs, plain, findings)
  for (const assignment of plain) set(assignment, knobs.find('sysctl', assignment.path).slice(0, 1), findings)
  return findings.finish()
}

function linesOf(text: string, file: string, findings: Findings): Assignment[] {
  return text.split(/\r\n|\n|\r/).flatMap((raw, index) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return []
    const source = { file, line: index + 1 }
    const equals = line.indexOf('=')
    const written = (equals < 0 ? line : line.slice(0, equals)).trim()
    const key = written.replace(/^-\s*/, '')
    const isExclusion = equals < 0 && written.startsWith('-')
    if (key === '' || (equals < 0 && !isExclusion)) {
      findings.leave(line, '', 'it is not key = value', source)
      return []
    }
    return [{ key, path: pathOf(key), value: isExclusion ? null : line.slice(equals + 1).trim(), source }]
  })
}

/** The first of `.` and `/` parts the segments; where that is `.`, a `/` stands for a dot in a name, as in `net.ipv4.conf.eth0/1.forwarding`. */
function pathOf(key: string): string {
  const first = /[./]/.exec(key)?.[0]
  return first === '.' ? key.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.')) : key
}

function setPattern(assignment: Assignment, knobs: KnobPaths, plain: readonly Assignment[], findings: Findings): void {
  const found = knobs.find('sysctl', assignment.path)
  const own = found.filter(({ knob }) => knob.where.per === 'host')
  const free = found.filter(({ knob }) => !plain.some(({ path }) => path === knob.where.path))
  set(assignment, free.map((one) => withoutOthers(one, plain)), findings, found.length > 0)
  if (own.length === 0 || own.length < found.length || assignment.value === null) return
  const names = own.map(({ knob }) => knob.name).join(', ')
  findings.leave(assignment.key, assignment.value, `of what it stands for, the catalogue has only ${names}`, assignment.source)
}

/** A name that a knob reference can hold; others are never read. */
const DEVICE = /^[A-Za-z0-9_.:@-]+$/

/** The devices of a pattern without those that have a line of their own. */
function withoutOthers({ knob, devices }: Found, plain: readonly Assignment[]): Found {
  const file = globExpression(knob.where.path)
  const others = plain.filter(({ path }) => file.test(path)).map(({ path }) => deviceIn(knob.where.path, path)).filter((device) => DEVICE.test(device))
  return others.length === 0 ? { knob, devices } : { knob, devices: [devices ?? '*', ...others.map((device) => `!${device}`)].join(',') }
}

function deviceIn(pattern: string, path: string): string {
  const segments = path.split('/')
  return pattern.split('/').flatMap((segment, index) => (segment === '*' ? (segments[index] ?? []) : [])).join(':')
}

function set({ key, value, source }: Assignment, found: readonly Found[], findings: Findings, known = found.length > 0): void {
  if (value === null) return
  if (!known) return void findings.leave(key, value, 'it is not in the catalogue', source)
  for (const one of found) findings.settle(key, value, { found: one, text: value, condition: null }, source)
}
