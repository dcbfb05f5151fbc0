import { type Knob, knobValue, refuses } from '@semantos/core'
import type { Imported, Setting, Source, Unmapped } from './imported.js'
import { type Found, knobPattern } from './knob-paths.js'

/** A line of a file that means a knob, its value still as text. */
export interface Meant {
  readonly found: Found
  readonly text: string
  readonly condition: Setting['condition']
}

/** A setting as it was written, and its knob. */
interface Settled {
  readonly knob: Knob
  readonly setting: Setting
  readonly key: string
  readonly written: string
}

/** Gathers what an import finds. A setting for a pattern that was set before replaces it. */
export class Findings {
  readonly #settled = new Map<string, Settled>()
  readonly #unmapped: Unmapped[] = []

  /** Takes the value in the knob's type, or says why the knob does not take it. */
  settle(key: string, written: string, { found, text, condition }: Meant, source: Source): void {
    const value = knobValue(found.knob.type, text)
    const knob = knobPattern(found)
    if (value === null) return void this.leave(key, written, 'it is empty, or more than one line', source)
    if (condition !== null && typeof value !== 'number') return void this.leave(key, written, 'only a whole number can be compared with the value that stands', source)
    const refusal = refuses(found.knob, value, 'range')
    if (refusal) return void this.leave(key, written, isHuge(text) ? 'the number is too large to be held exactly (2^53 and more)' : refusal.message, source)
    this.#settled.delete(knob)
    this.#settled.set(knob, { knob: found.knob, setting: { knob, value, condition, source }, key, written })
  }

  leave(key: string, value: string, reason: string, source: Source): void {
    this.#unmapped.push({ key, value, reason, source })
  }

  finish(): Imported {
    const all = [...this.#settled.values()]
    const settings = all.filter((one, index) => {
      const other = all.find((candidate, place) => candidate !== one && excludes(candidate, one, place > index))
      if (other) this.leave(one.key, one.written, `${other.setting.knob} is set as well, and resets it`, one.setting.source)
      return !other
    })
    return { settings: settings.map(({ setting }) => setting), unmapped: this.#unmapped }
  }
}

/** Of two knobs that reset each other, the one that is not 0 holds; where neither is, the later one. */
function excludes(other: Settled, one: Settled, isLater: boolean): boolean {
  if (!other.knob.resets.includes(one.knob.name) || other.setting.value === 0) return false
  return one.setting.value === 0 || isLater
}

function isHuge(text: string): boolean {
  return /^-?\d{16,}$/.test(text.trim()) && !Number.isSafeInteger(Number(text))
}
