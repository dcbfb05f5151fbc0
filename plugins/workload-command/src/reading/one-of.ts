/** A line that is wholly as one of these patterns says. */
export function oneOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(`^(?:${patterns.map(({ source }) => source).join('|')})$`)
}
