import { type Catalogue, type ErrorCode, SemantosError } from '@semantos/core'

/** Refuses names and patterns that fit no knob: mistyped, they would leave their knob out of every run without a word. */
export function checkPatterns(catalogue: Catalogue, patterns: readonly string[], code: ErrorCode, place: string): void {
  for (const pattern of patterns) {
    if (pattern === '*' || catalogue.matching([pattern]).length > 0) continue
    const near = catalogue.similar(pattern)
    throw new SemantosError(code, {
      message: `no knob of the catalogue is called '${pattern}'`,
      place,
      next: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Names may hold *, such as vm.*; semantos explain shows every knob.',
    })
  }
}

/** The knobs of `--knobs`, or null where the option was not given. */
export function askedPatterns(catalogue: Catalogue, asked: string | undefined): readonly string[] | null {
  if (asked === undefined) return null
  const patterns = asked.split(',')
  checkPatterns(catalogue, patterns, 'SEMANTOS_E_USAGE', '--knobs')
  return patterns
}
