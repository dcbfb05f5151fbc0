import { SemantosError } from '@semantos/core'
import { numberOf, readAnswer } from './answer.js'
import { type Server, get } from './get.js'

export interface Question {
  /** The metric that it becomes. */
  readonly name: string
  readonly query: string
}

/** The number, or why there is none at the moment. */
export type Found = { readonly value: number } | { readonly reason: string }

const CORRECT_QUERY = 'Correct the query; try it in the expression browser of the server.'

/**
 * Asks a server one question. What may be otherwise the next time is a reason; what stays so until somebody corrects the config or the
 * server is thrown.
 */
export async function ask(server: Server, question: Question, signal: AbortSignal): Promise<Found> {
  const reply = await get(server, question.query, signal)
  if ('reason' in reply) return { reason: server.headers.mask(reply.reason) }
  const { status, location, body } = reply
  const wrong = (message: string, next: string) =>
    new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `${server.url}: ${shown(message, server)}`, place: `queries.${question.name}`, next })

  if (status >= 300 && status < 400) throw wrong(`it redirects to ${location}, which is not followed`, 'Name the address that it redirects to in the option url.')
  if (status === 401 || status === 403) throw wrong(`it refuses access (HTTP ${status})`, 'Send what it asks for with the option headers_env.')
  const answer = readAnswer(body)
  if (answer?.status === 'success') {
    const outcome = numberOf(answer.data)
    if ('wrong' in outcome) throw wrong(outcome.wrong, CORRECT_QUERY)
    return outcome
  }
  if (answer?.errorType === 'bad_data') throw wrong(`the query is refused: ${answer.error}`, CORRECT_QUERY)
  if (answer || status >= 500 || status === 429) return { reason: `the server answered with HTTP ${status}: ${shown(answer?.error ?? body, server)}` }
  throw wrong(`it does not answer as Prometheus does (HTTP ${status}): ${body}`, 'Correct the option url: the address of the server, with the prefix of its paths where it has one.')
}

const SHOWN = 300

/** One line of what others wrote, without secrets and control characters. */
function shown(text: string, { headers }: Server): string {
  const line = headers.mask(text).replace(/\p{Cc}+/gu, ' ').trim()
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line
}
