/** Longer text is cut before it is looked at, so that a flood costs nothing. */
const MOST_EXAMINED = 20_000

/** Controls, separators, unpaired surrogates, private use, and what is invisible or turns the direction of writing. */
const NOT_PRINTED = /[\p{C}\p{Z}]+/gu

/** Text of somebody else's as one printable line of at most `most` characters. */
export function plain(text: string, most: number): string {
  const line = text.slice(0, MOST_EXAMINED).replace(NOT_PRINTED, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}

/** The same in quotation marks, as JSON. What could end a block of data is escaped. */
export function quoted(text: string, most: number): string {
  return JSON.stringify(plain(text, most)).replace(/[<>]/g, escaped)
}

/** A name as it is spelt: letters of other alphabets that look like ours are shown by their number. */
export function spelled(name: string): string {
  return plain(name, 100).replace(/[^\x20-\x7e]/g, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
