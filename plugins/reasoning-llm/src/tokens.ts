const BYTES_PER_TOKEN = 3

/**
 * An estimate that errs upwards: a token for every 3 bytes of UTF-8. Tokenizers need about one for 4 characters of English
 * (OpenAI's own rule of thumb) and more for numbers and dotted names, of which a prompt of ours has many.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN)
}

/** The lines that fit, in their order; the first that does not fit ends the list. */
export function takeWhileFits<T extends { readonly tokens: number }>(lines: readonly T[], tokens: number): readonly T[] {
  let used = 0
  const end = lines.findIndex((line) => {
    used += line.tokens
    return used > tokens
  })
  return end < 0 ? lines : lines.slice(0, end)
}
