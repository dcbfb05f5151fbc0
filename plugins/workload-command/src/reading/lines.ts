import type { SemantosError } from '@semantos/core'
import { misfit } from './misfit.js'

/** Reads an output line by line, blank lines left out. The first line that is not as expected is an error that shows it. */
export class Lines {
  #next = 0
  #number = 0
  #before: string | null = null
  #line: string | null = null

  constructor(
    readonly parser: string,
    readonly text: string,
  ) {
    this.#skip()
  }

  /** The line at hand, or null at the end. */
  get line(): string | null {
    return this.#line
  }

  /** Goes on to the next line that is not blank. */
  #skip(): void {
    this.#before = this.#line ?? this.#before
    this.#line = null
    while (this.#line === null && this.#next < this.text.length) {
      const newline = this.text.indexOf('\n', this.#next)
      const end = newline < 0 ? this.text.length : newline
      const line = this.text.slice(this.#next, this.text[end - 1] === '\r' ? end - 1 : end)
      this.#next = end + 1
      this.#number++
      if (line.trim() === '') continue
      this.#line = line
      if (newline < 0) throw this.misfit('the end of the line: the output is cut off')
    }
  }

  /** Takes a line that must be as `pattern` says. */
  expect(pattern: RegExp, wanted: string, next?: string): RegExpExecArray {
    const match = this.optional(pattern)
    if (match === null) throw this.misfit(wanted, next)
    return match
  }

  /** Takes the line at hand where it fits. */
  optional(pattern: RegExp): RegExpExecArray | null {
    const match = this.#line === null ? null : pattern.exec(this.#line)
    if (match !== null) this.#skip()
    return match
  }

  /** Takes every line that fits, up to the first that does not. */
  *each(pattern: RegExp): Generator<RegExpExecArray> {
    for (let match = this.optional(pattern); match !== null; match = this.optional(pattern)) yield match
  }

  /** Takes all lines; each is at hand while it is looked at. */
  *all(): Generator<string> {
    while (this.#line !== null) {
      yield this.#line
      this.#skip()
    }
  }

  end(): void {
    if (this.#line !== null) throw this.misfit('nothing more')
  }

  misfit(wanted: string, next?: string): SemantosError {
    return misfit(this.parser, { number: this.#number, line: this.#line, before: this.#before }, wanted, next)
  }
}
