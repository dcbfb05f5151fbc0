import { type SemantosError, isSemantosError, messageOf } from '../kernel/errors.js'
import { tell } from './print.js'
import { colours } from './terminal.js'

/** Prints a failure for the person who is stuck: code and message, place, who, why, what next. Returns the exit status. */
export function reportError(error: unknown, { json }: { readonly json: boolean }): number {
  if (!isSemantosError(error)) {
    tell(`semantos: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 1
  }
  tell(json ? `${JSON.stringify(errorDocument(error))}\n` : describe(error))
  return error.code === 'SEMANTOS_E_ABORTED' ? INTERRUPTED : error.exit
}

/** What a shell reports for a command that SIGINT ended. */
const INTERRUPTED = 130

function describe(error: SemantosError): string {
  const { red, dim } = colours(process.stderr)
  const lines = [`${red('semantos:')} ${error.message} ${dim(`[${error.code}]`)}`]
  if (error.place !== null) lines.push(`  at:     ${error.place}`)
  if (error.plugin !== null) lines.push(`  plugin: ${error.plugin}${error.hook === null ? '' : `, hook ${error.hook}`}`)
  const cause = causeOf(error)
  if (cause !== null) lines.push(`  cause:  ${cause}`)
  lines.push(`  next:   ${error.next}`)
  return `${lines.join('\n')}\n`
}

function causeOf(error: SemantosError): string | null {
  // What zod found is in the message, in words.
  if (error.cause === undefined || (error.cause instanceof Error && error.cause.name === 'ZodError')) return null
  const cause = messageOf(error.cause)
  return error.message.includes(cause) ? null : cause
}

function errorDocument(error: SemantosError) {
  const { code, message, place, plugin, hook, next } = error
  return { error: { code, message, place, plugin, hook, cause: causeOf(error), next } }
}
