import { z } from 'zod'
import type { Call } from '../call.js'
import { SemantosError } from '../errors.js'

/**
 * What parallel taps add to. Each tap gets a view of its own, stamped with its plugin; what it adds is parsed at once,
 * so that nonsense is blamed on the plugin that added it. Results are ordered by name, never by who was first.
 */
export interface Draft<View> {
  /** The view of one tap. */
  for(call: Call): View
}

/** Parses what a plugin handed over; a failure names the plugin and the hook. */
export function parse<T>(schema: z.ZodType<T>, input: unknown, call: Call): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw outputError(call, z.prettifyError(result.error), nameIn(input), result.error)
}

/** The name of what was handed over: a plugin adds many. */
function nameIn(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null
  const name = 'name' in input ? input.name : 'knob' in input ? input.knob : null
  return typeof name === 'string' ? name : null
}

export function outputError(call: Call, problem: string, name: string | null = null, cause?: unknown): SemantosError {
  return new SemantosError('SEMANTOS_E_PLUGIN_OUTPUT', {
    message: `${call.plugin} handed over a value that breaks the contract of ${call.hook}${name === null ? '' : `, '${name}'`}:\n${problem}`,
    plugin: call.plugin,
    hook: call.hook,
    cause,
  })
}

/** The plugin named is both, so that the error is the same whichever was faster. */
export function twice(code: 'SEMANTOS_E_METRIC_DUPLICATE' | 'SEMANTOS_E_KNOB_DUPLICATE', what: string, first: string, call: Call): SemantosError {
  const both = [...new Set([first, call.plugin])].sort().join(' and ')
  return new SemantosError(code, { message: `${what} was added twice, by ${both}`, plugin: both, hook: call.hook })
}

/** Ordered by key, and by the whole item where keys are the same: never by who was first. */
export function byKey<T>(list: readonly T[], key: (item: T) => string): T[] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return [...list].sort((a, b) => compare(key(a), key(b)) || compare(JSON.stringify(a), JSON.stringify(b)))
}
