import { basename, dirname, join, normalize } from 'node:path/posix'
import { SemantosError } from '@semantos/core'
import type { Files, Source } from './imported.js'
import { type IniOption, type IniSection, parseIni } from './ini.js'
import type { Findings } from './settle.js'
import { type Machine, Variables, unresolved } from './tuned-variables.js'

/** Where tuned looks for profiles, first to last; newer versions keep them in folders of their own. */
export const PROFILE_FOLDERS = ['/etc/tuned/profiles', '/etc/tuned', '/usr/lib/tuned/profiles', '/usr/lib/tuned']

/** A section of a profile once everything it includes is merged in: an instance of a plugin of tuned's. */
export interface Unit {
  readonly name: string
  readonly type: string
  readonly enabled: boolean
  /** Lower comes first. */
  readonly priority: number
  /** Patterns of device names; `!` excludes. */
  readonly devices: readonly string[]
  readonly udevRegex: string | null
  readonly cpuinfoRegex: string | null
  readonly unameRegex: string | null
  readonly options: IniSection
}

/** What tuned reads from a section itself; the rest is for the plugin. */
const ATTRIBUTES = new Set(['type', 'enabled', 'replace', 'drop', 'devices', 'devices_udev_regex', 'cpuinfo_regex', 'uname_regex', 'priority'])

/** The file of a profile, or null. A profile that is being read is passed over, so that one can include its namesake. */
export function findProfile(name: string, files: Files, folders: readonly string[], reading: ReadonlySet<string> = new Set()): string | null {
  return folders.map((folder) => join(folder, basename(name), 'tuned.conf')).find((file) => !reading.has(file) && files.read(file) !== null) ?? null
}

/** A profile with all that it includes, as units in the order in which tuned starts them, and the variables of all of them. */
export function loadProfile(file: string, files: Files, folders: readonly string[], machine: Machine, findings: Findings): { units: Unit[]; variables: Variables } {
  const merged = new Map<string, IniSection>()
  const variables = new Variables(machine)
  const reading = new Set<string>()

  const load = (path: string): void => {
    reading.add(path)
    const sections = parseIni(files.read(path) ?? '', path)
    const include = sections.get('main')?.get('include')
    if (include) {
      const names = variables.expand(include.value, include.source)
      const reason = unresolved(names)
      if (reason === null) for (const name of names.split(/\s*[,;]\s*/)) loadIncluded(name, include.source)
      else findings.leave('include', include.value, reason, include.source)
    }
    sections.delete('main')
    for (const [name, section] of sections) mergeSection(merged, name, withFolder(section, dirname(path)))
  }
  const loadIncluded = (name: string, source: Source): void => {
    const optional = name.startsWith('-')
    const found = findProfile(optional ? name.slice(1) : name, files, folders, reading)
    if (found !== null) return void load(found)
    if (optional || reading.has(findProfile(name, files, folders) ?? '')) return
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `there is no profile '${name}' in ${folders.join(', ')}`, place: `${source.file}:${source.line}` })
  }

  if (files.read(file) === null) throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: 'there is no such profile', place: file })
  load(file)
  defineVariables(merged.get('variables') ?? new Map<string, IniOption>(), files, variables, findings)
  merged.delete('variables')
  const units = Array.from(merged, ([name, section]) => unitOf(name, section, variables))
  return { units: units.sort((a, b) => a.priority - b.priority), variables }
}

/** A section of a later profile changes the options of one with the same name, unless it says that it replaces it. */
function mergeSection(merged: Map<string, IniSection>, name: string, section: IniSection): void {
  const earlier = merged.get(name)
  if (!earlier || isTrue(section.get('replace')?.value)) {
    merged.set(name, section)
    return
  }
  for (const dropped of section.get('drop')?.value.split(/\s*[,;]\s*/) ?? []) earlier.delete(dropped)
  // These are not inherited: a later section without them means every device, by the plugin of its own name.
  for (const attribute of ['type', 'enabled', 'devices']) earlier.delete(attribute)
  for (const [key, option] of section) earlier.set(key, option)
}

function withFolder(section: IniSection, folder: string): IniSection {
  return new Map(Array.from(section, ([key, { value, source }]) => [key, { value: value.replace(/(?<!\\)\$\{i:PROFILE_DIR\}/g, () => folder), source }]))
}

function unitOf(name: string, section: IniSection, variables: Variables): Unit {
  const attribute = (key: string): string | null => {
    const option = section.get(key)
    return option === undefined ? null : variables.expand(option.value, option.source)
  }
  const priority = Number(attribute('priority') ?? '0')
  return {
    name,
    type: attribute('type') ?? name,
    enabled: isTrue(attribute('enabled') ?? 'true'),
    priority: Number.isFinite(priority) ? priority : 0,
    devices: (attribute('devices') ?? '*').split(/[\s,]+/).filter((rule) => rule !== ''),
    udevRegex: attribute('devices_udev_regex'),
    cpuinfoRegex: attribute('cpuinfo_regex'),
    unameRegex: attribute('uname_regex'),
    options: new Map([...section].filter(([key]) => !ATTRIBUTES.has(key))),
  }
}

function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === 'True' || value === '1'
}

/** Defines variables in their order; `include` reads a file of them. */
function defineVariables(section: IniSection, files: Files, variables: Variables, findings: Findings): void {
  for (const [name, { value, source }] of section) {
    if (name !== 'include') {
      define(name, value, source, variables, findings)
      continue
    }
    const path = normalize(value)
    const text = files.read(path)
    if (text === null) findings.leave('include', value, 'there is no such file', source)
    else for (const [key, option] of parseIni(text, path, '').get('') ?? []) define(key, option.value, option.source, variables, findings)
  }
}

function define(name: string, text: string, source: Source, variables: Variables, findings: Findings): void {
  const value = variables.define(name, text, source)
  const called = /\$\{f:/.test(value) && /\$\{f:/.test(text) ? unresolved(value) : null
  if (called !== null) findings.leave(name, text, called, source)
}
