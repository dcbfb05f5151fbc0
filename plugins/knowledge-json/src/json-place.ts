/** Counted from 1, as editors do. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Where a text that JSON.parse refuses stops being JSON, and what would have to stand there. (JSON.parse does not always say where.) */
export function whereBroken(text: string): { readonly place: Place; readonly wanted: string } {
  const scanner = new Scanner(text, [])
  return { wanted: scanner.problem() ?? 'JSON', place: placeAt(text, scanner.at) }
}

/** Where the value at a path of a JSON text begins, or the innermost value around it that is there. */
export function whereIs(text: string, path: readonly PropertyKey[]): Place {
  const scanner = new Scanner(text, path.map(String))
  scanner.problem()
  return placeAt(text, scanner.found)
}

function placeAt(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

class Broken extends Error {}

const DEEPEST = 500
const SPACE = /[ \t\n\r]*/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y

/** Reads JSON (RFC 8259) for its places, not for its values. */
class Scanner {
  at = 0
  /** Offset of the innermost value seen on the way to the target. */
  found = 0

  constructor(
    readonly text: string,
    readonly target: readonly string[],
  ) {}

  /** Reads the whole text, or up to where it breaks: then `at` is the place, and the answer what was wanted. */
  problem(): string | null {
    try {
      this.#value([])
      this.#take(SPACE)
      return this.at < this.text.length ? 'the end of the file' : null
    } catch (error) {
      if (error instanceof Broken) return error.message
      throw error
    }
  }

  #value(path: readonly string[]): void {
    this.#take(SPACE)
    if (path.every((key, depth) => key === this.target[depth])) this.found = this.at
    if (path.length > DEEPEST) throw new Broken(`at most ${DEEPEST} levels of nesting`)
    let index = 0
    if (this.#skip('{')) this.#members('}', 'a name in double quotes', () => this.#member(path))
    else if (this.#skip('[')) this.#members(']', 'a value', () => this.#value([...path, String(index++)]))
    else if (this.#take(STRING) === null && this.#take(LITERAL) === null) throw new Broken(this.text[this.at] === '"' ? 'a string that ends, with \\ before special characters' : 'a value')
  }

  #member(path: readonly string[]): void {
    const name = this.#take(STRING)
    if (name === null) throw new Broken('a name in double quotes')
    this.#take(SPACE)
    if (!this.#skip(':')) throw new Broken("':'")
    this.#value([...path, String(JSON.parse(name))])
  }

  #members(end: '}' | ']', member: string, read: () => void): void {
    this.#take(SPACE)
    if (this.#skip(end)) return
    for (;;) {
      this.#take(SPACE)
      if (this.text[this.at] === end) throw new Broken(`${member} (no comma before ${end})`)
      read()
      this.#take(SPACE)
      if (this.#skip(end)) return
      if (!this.#skip(',')) throw new Broken(`',' or '${end}'`)
    }
  }

  #skip(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at++
    return true
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)?.[0] ?? null
    this.at += match?.length ?? 0
    return match
  }
}
