/** Which of a knob's own words a file with many shows; the whole text where a knob has none. Null: the file has no such switch. */
export function ownWord(words: readonly string[], text: string): string | null {
  if (words.length === 0) return text
  return text.split(/\s+/).find((word) => words.includes(word)) ?? null
}
