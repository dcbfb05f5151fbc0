import { z } from 'zod'
import { fingerprint } from '../model/fingerprint.js'
import { isPlain, redact } from '../model/redact.js'
import { type Plugin, isPlugin } from './plugin.js'

const Json = z.json()
type Json = z.infer<typeof Json>

/** A value as JSON has it, its secrets redacted. Plugins in it, such as an ensemble's reasoners, are described as those of a slot are; of what is no data, that it is there. */
export function shown(value: unknown): Json {
  return Json.parse(redact(JSON.parse(JSON.stringify(value, (_, item: unknown) => asData(item)))))
}

function asData(item: unknown): unknown {
  if (isPlugin(item)) return describePlugin(item)
  const isData = typeof item === 'object' ? item === null || Array.isArray(item) || isPlain(item) : typeof item !== 'bigint'
  return isData ? item : `(${typeof item})`
}

/** With the options that it gets, and not only those that were written. */
export function describePlugin(plugin: Plugin) {
  return { plugin: plugin.id, options: optionsOf(plugin) }
}

function optionsOf({ optionsSchema, written }: Plugin): unknown {
  return optionsSchema.safeParse(written).data ?? written
}

/** The options that a plugin gets, as they may be shown. */
export function shownOptions(plugin: Plugin): Json {
  return shown(optionsOf(plugin))
}

/**
 * A plugin with what it was told, in a word or two: its id alone where its options are the defaults, else a fingerprint of them behind it.
 * Secrets are redacted first: a changed password makes no other plugin.
 */
export function namedPlugin(plugin: Plugin): string {
  const options = JSON.stringify(shownOptions(plugin))
  const defaults = plugin.optionsSchema.safeParse({})
  return defaults.success && JSON.stringify(shown(defaults.data)) === options ? plugin.id : `${plugin.id} ${fingerprint(options)}`
}
