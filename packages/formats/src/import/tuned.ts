import { normalize } from 'node:path/posix'
import type { Catalogue, Interface, KnobName } from '@semantos/core'
import type { Files, Imported, Setting } from './imported.js'
import type { IniOption } from './ini.js'
import { type Found, KnobPaths } from './knob-paths.js'
import { Findings } from './settle.js'
import { DIALECT, type Meaning, NOT_KNOBS } from './tuned-dialect.js'
import { type Unit, loadProfile } from './tuned-profile.js'
import { inForce } from './tuned-units.js'
import { type Machine, unresolved } from './tuned-variables.js'

/**
 * Reads a profile of tuned with all that it includes. What has no counterpart among the knobs is listed with file, line
 * and reason. Throws SEMANTOS_E_DATA_INVALID where tuned would refuse the profile: a syntax error, an include that is not there.
 */
export function importTuned(file: string, files: Files, folders: readonly string[], catalogue: Catalogue, machine: Machine): Imported {
  const findings = new Findings()
  const translation = new Translation(catalogue, machine, findings)
  const { units, variables } = loadProfile(file, files, folders, machine, findings)
  for (const { unit, reason } of inForce(units, machine)) {
    for (const [key, option] of unit.options) {
      const text = variables.expand(option.value, option.source)
      translation.take(key, option, reason === null ? translation.meaning(unit, key, text) : { reason })
    }
  }
  return findings.finish()
}

class Translation {
  readonly #paths: KnobPaths

  constructor(
    readonly catalogue: Catalogue,
    readonly machine: Machine,
    readonly findings: Findings,
  ) {
    this.#paths = new KnobPaths(catalogue)
  }

  meaning(unit: Unit, key: string, text: string): Meaning {
    const dialect = DIALECT.get(unit.type)
    if (key === 'script_pre' || key === 'script_post') return { reason: 'it runs a script' }
    if (!dialect) return { reason: NOT_KNOBS.get(unit.type) ?? `no plugin '${unit.type}' of tuned is known here` }
    const lacking = unresolved(text)
    return lacking === null ? dialect.meaning(key, text, { devices: unit.devices, machine: this.machine }) : { reason: lacking }
  }

  take(key: string, option: IniOption, meaning: Meaning): void {
    if ('reason' in meaning) return void this.findings.leave(key, option.value, meaning.reason, option.source)
    const found = 'path' in meaning ? this.#byPath(meaning.path) : this.#byName(meaning.names, meaning.devices)
    if (found.length === 0) return void this.findings.leave(key, option.value, 'it is not in the catalogue', option.source)
    const compared = meaning.compared ? splitComparison(meaning.text) : { text: meaning.text, condition: null }
    for (const one of found) this.findings.settle(key, option.value, { found: one, ...compared }, option.source)
  }

  #byPath(path: string): readonly Found[] {
    const normal = normalize(path)
    const [kind, prefix] = PREFIXES.find(([, start]) => normal.startsWith(start)) ?? [null, '']
    return kind === null ? [] : this.#paths.find(kind, normal.slice(prefix.length))
  }

  /** Of several names, the first that the catalogue has. */
  #byName(names: readonly KnobName[], devices: string | null): readonly Found[] {
    const knob = names.map((name) => this.catalogue.get(name)).find((known) => known !== undefined)
    return knob ? [{ knob, devices }] : []
  }
}

/** The longest first: debugfs is mounted inside sysfs. */
const PREFIXES: readonly (readonly [Interface, string])[] = [['debugfs', '/sys/kernel/debug/'], ['sysfs', '/sys/'], ['sysctl', '/proc/sys/']]

/** `>` before a value: only if it is larger than what stands; `<`: only if it is smaller. */
function splitComparison(text: string): { text: string; condition: Setting['condition'] } {
  if (text.length > 1 && text.startsWith('>')) return { text: text.slice(1).trim(), condition: 'raise only' }
  if (text.length > 1 && text.startsWith('<')) return { text: text.slice(1).trim(), condition: 'lower only' }
  return { text, condition: null }
}
