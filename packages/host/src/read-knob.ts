import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { geteuid } from 'node:process'
import { isSemantosError, type Knob, knobValue, ownWords, type Reading } from '@semantos/core'
import { type Surroundings, absent } from './absence.js'
import { type Located, locate } from './locate.js'
import { ownWord } from './own-word.js'
import { readKnobFileAndMode } from './read-knob-file.js'
import { type FileReader, codeOf, isGone, reasonOf } from './reader.js'
import { realKnobPath } from './safe-path.js'

/** Reads a knob on every device that has it. */
export class KnobReader {
  readonly #around: Surroundings

  constructor(
    readonly files: FileReader,
    readonly insideNetns: boolean,
  ) {
    this.#around = { kernelVersion: kernelVersion(files), insideNetns, exists: (path) => existsSync(join(files.root, path)) }
  }

  read(knob: Knob): readonly Reading[] {
    const located = locate((path) => this.files.list(path), knob)
    const readings = located.map((place) => this.#readOne(knob, place)).filter((reading) => reading.status !== 'unavailable')
    return readings.length > 0 ? readings : [absent(knob, knob.name, this.#around)]
  }

  /** The knob on one device. */
  readAt(knob: Knob, ref: string, device: string | null): Reading {
    const [place] = locate((path) => this.files.list(path), knob, device)
    return place ? this.#readOne(knob, place) : absent(knob, ref, this.#around)
  }

  #readOne(knob: Knob, { ref, path }: Located): Reading {
    // The files of a mounted sysfs belong to the network namespace it was mounted in, whoever reads them.
    if (this.insideNetns && knob.where.interface === 'sysfs' && knob.where.per === 'net-device') {
      return { status: 'not permitted', knob: ref, reason: "/sys shows the host's network devices, not this namespace's" }
    }
    try {
      const { text: shown, writable } = readKnobFileAndMode(realKnobPath(this.files.root, knob.where.interface, path))
      const text = ownWord(ownWords(knob.type), shown)
      if (text === null) return absent(knob, ref, this.#around)
      const value = knobValue(knob.type, text)
      if (value === null) return { status: 'not permitted', knob: ref, reason: `shows no value: ${JSON.stringify(text.slice(0, 60))}` }
      return { status: 'present', knob: ref, text, value, writable, live: true }
    } catch (error) {
      if (isGone(error)) return absent(knob, ref, this.#around)
      return { status: 'not permitted', knob: ref, reason: isSemantosError(error) ? error.message : barredReason(error) }
    }
  }
}

/** Root is refused a read only where the file has no read bit: what cannot be read could not be restored. */
function barredReason(error: unknown): string {
  return codeOf(error) === 'EACCES' && geteuid?.() === 0 ? 'can only be written, not read (EACCES)' : reasonOf(error)
}

function kernelVersion(files: FileReader): string | null {
  const release = files.open('/proc/sys/kernel/osrelease').read()
  return 'text' in release ? release.text.trim() : null
}
