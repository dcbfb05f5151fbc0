const NEWLINE = 10
const SPACE = 32
const ZERO = 48
const NINE = 57

/** Kernel counters are at most 64 bits wide; a longer number is not one. */
const TOO_LARGE = 2 ** 64

/** Walks the text of a kernel file without cutting it into pieces. Nothing here throws or passes the end of a line unasked. */
export class Scan {
  constructor(
    readonly text: string,
    public at = 0,
  ) {}

  get done(): boolean {
    return this.at >= this.text.length
  }

  /**
   * The next word of the line as a whole number; NaN where there is none. A number with nothing behind it, not even a
   * newline, was cut off and is NaN as well.
   */
  number(): number {
    const { text } = this
    this.#skipBlanks()
    let at = this.at
    let value = 0
    for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(++at)) value = value * 10 + (code - ZERO)
    const whole = at > this.at && text.charCodeAt(at) <= SPACE && value < TOO_LARGE
    this.at = at
    if (whole) return value
    this.#skipWord()
    return Number.NaN
  }

  /** The same for a hexadecimal number without prefix, as /proc/net/softnet_stat writes them. */
  hex(): number {
    const word = this.word()
    return /^[\da-f]{1,16}$/.test(word) && !this.done ? Number.parseInt(word, 16) : Number.NaN
  }

  /** The next word as a number with decimals; NaN where there is none. */
  decimal(): number {
    const word = this.word()
    return /^\d{1,18}(?:\.\d{1,18})?$/.test(word) && !this.done ? Number(word) : Number.NaN
  }

  /** The next word of the line; empty at its end. */
  word(): string {
    this.#skipBlanks()
    const start = this.at
    this.#skipWord()
    return this.text.slice(start, this.at)
  }

  /** True where the line has no more words. */
  get lineDone(): boolean {
    this.#skipBlanks()
    return this.done || this.text.charCodeAt(this.at) === NEWLINE
  }

  nextLine(): void {
    const end = this.text.indexOf('\n', this.at)
    this.at = end < 0 ? this.text.length : end + 1
  }

  #skipBlanks(): void {
    // Other control characters count as blanks: what is neither blank nor word would be stood before for ever.
    let code = this.text.charCodeAt(this.at)
    while (code <= SPACE && code !== NEWLINE) code = this.text.charCodeAt(++this.at)
  }

  #skipWord(): void {
    let code = this.text.charCodeAt(this.at)
    while (code > SPACE) code = this.text.charCodeAt(++this.at)
  }
}

/** One scan, moved to the start of each line in turn. */
export function* linesOf(text: string, at = 0): Generator<Scan> {
  const scan = new Scan(text, at)
  while (!scan.done) {
    yield scan
    scan.nextLine()
  }
}

/** Finds keys in a text, going on from the last hit, so that keys asked for in the file's order cost one pass. */
export class Finder {
  readonly #text: string
  #from = 0

  /** A newline goes in front, so that every line starts with one. */
  constructor(text: string) {
    this.#text = `\n${text}`
  }

  /** A scan of what follows `\n` + key; at the end of the text where the key is missing. */
  after(key: string): Scan {
    let at = this.#text.indexOf(key, this.#from)
    if (at < 0) at = this.#text.indexOf(key)
    else this.#from = at
    return new Scan(this.#text, at < 0 ? this.#text.length : at + key.length)
  }

  /** The same, for a key inside the line that starts with `line`. */
  inLine(line: string, key: string): Scan {
    const start = this.after(line).at
    const at = this.#text.indexOf(key, start)
    const end = this.#text.indexOf('\n', start)
    return new Scan(this.#text, at < 0 || (end >= 0 && at > end) ? this.#text.length : at + key.length)
  }
}
