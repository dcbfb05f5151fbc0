/** A result, on stdout. */
export function print(text: string): void {
  process.stdout.write(harmless(text))
}

/** What is not the result, on stderr. */
export function tell(text: string): void {
  process.stderr.write(harmless(text))
}

/**
 * A name or a model's sentence in what is printed may have been chosen by somebody else, and a terminal obeys control characters.
 * Line ends, tabs and colours pass; the rest is shown as JSON would write it, which leaves a JSON document what it was.
 */
export function harmless(text: string): string {
  return text.replace(/(\x1b\[[0-9;]*m)|[^\P{C}\n\t]/gu, (character, colour?: string) => colour ?? escaped(character))
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('')
}
