import { SemantosError } from '@semantos/core'

const LONGEST_QUOTE = 160

/** A line of an output, counted from 1. Null: the output ended. */
interface Seen {
  readonly number: number
  readonly line: string | null
  /** The line before an end that came too early. */
  readonly before: string | null
}

/** The error of an output that a parser cannot read: the first line that does not fit, or where it ends too early. */
export function misfit(parser: string, { number, line, before }: Seen, wanted: string, next?: string): SemantosError {
  return new SemantosError('SEMANTOS_E_WORKLOAD', {
    message: `${parser}: ${line === null ? endWords(number, before) : `line ${number} does not fit: ${quoted(line)}`}; expected ${wanted}`,
    place: `output of ${parser}, line ${number}`,
    next: next ?? `See that the run command prints what the parser ${parser} reads, whole, and nothing else.`,
  })
}

/** The error of an output that is whole and still no measurement. */
export function unusable(parser: string, why: string, next: string): SemantosError {
  return new SemantosError('SEMANTOS_E_WORKLOAD', { message: `${parser}: ${why}`, place: `output of ${parser}`, next })
}

export function noneSucceeded(parser: string): SemantosError {
  return unusable(parser, 'no request succeeded, so there is no latency', 'See that the service answers the requests of the run command.')
}

export function quoted(line: string): string {
  return JSON.stringify(line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line)
}

function endWords(number: number, before: string | null): string {
  return before === null ? 'the output is empty' : `the output ends too early, after line ${number}: ${quoted(before)}`
}
