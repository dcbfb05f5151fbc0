import { isSemantosError, messageOf, type SemantosError } from '@semantos/core'
import { stackOf } from '@semantos/core/kernel'
import { tell } from './print.js'
import { colours } from './terminal.js'

/** Prints a failure for the person who is stuck: code and message, place, who, why, what next. Returns the exit status. */
export function reportError(error: unknown, { json, trace = false }: { readonly json: boolean; readonly trace?: boolean }): number {
  if (!isSemantosError(error)) {
    tell(`semantos: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 1
  }
  tell(json ? `${JSON.stringify(errorDocument(error))}\n` : describe(error, trace))
  return error.code === 'SEMANTOS_E_ABORTED' ? INTERRUPTED : error.exit
}

/** What a shell reports for a command that SIGINT ended. */
const INTERRUPTED = 130

function describe(error: SemantosError, trace: boolean): string {
  const { red, dim } = colours(process.stderr)
  const lines = [`${red('semantos:')} ${error.message} ${dim(`[${error.code}]`)}`]
  if (error.place !== null) lines.push(`  at:     ${error.place}`)
  if (error.plugin !== null) lines.push(`  plugin: ${error.plugin}${error.hook === null ? '' : `, hook ${error.hook}`}`)
  const cause = causeOf(error)
  if (cause !== null && !error.message.includes(messageOf(error.cause))) lines.push(`  cause:  ${cause}`)
  lines.push(`  next:   ${error.next}`)
  // A plugin's author looks for the line; of a mistake of the operator's, the stack says nothing.
  if (trace && error.plugin !== null) lines.push(stackOf(error.cause) || stackOf(error))
  return `${lines.join('\n')}\n`
}

function causeOf(error: SemantosError): string | null {
  // What zod found is in the message, in words.
  if (error.cause === undefined || (error.cause instanceof Error && error.cause.name === 'ZodError')) return null
  if (error.cause instanceof AggregateError) return error.cause.errors.map(messageOf).join('; ')
  const message = messageOf(error.cause)
  return error.cause instanceof Error ? `${error.cause.name}: ${message}` : message
}

function errorDocument(error: SemantosError) {
  const { code, message, place, plugin, hook, next } = error
  return { error: { code, message, place, plugin, hook, cause: causeOf(error), next } }
}
