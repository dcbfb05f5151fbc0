/** Those who agree, the surest first, and how uncertain they are together. */
export interface Stance<Member> {
  readonly members: readonly [Member, ...Member[]]
  readonly uncertainty: number
}

/**
 * The uncertainty of several who agree: u = u1 * (u2 * u3 * ...)^w, with the surest first. It never rises with another who
 * agrees. The weight w stays below 1 because reasoners that look at the same telemetry are not independent.
 */
export function agreementOf(surestFirst: readonly number[], weight: number): number {
  const [first = 1, ...others] = surestFirst
  return others.reduce((together, uncertainty) => together * uncertainty ** weight, first)
}

/**
 * The uncertainty of one stance against others: 1 - (1 - u) * (v1 * v2 * ...)^w, where v are theirs. One who only guesses
 * (v = 1) changes nothing; one who is sure of something else (v = 0) leaves nothing to rely on.
 */
export function disputed({ uncertainty }: Stance<unknown>, others: readonly Stance<unknown>[], weight: number): number {
  return others.reduce((doubt, other) => 1 - (1 - doubt) * other.uncertainty ** weight, uncertainty)
}
