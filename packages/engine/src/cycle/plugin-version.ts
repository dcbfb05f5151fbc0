import { fileURLToPath } from 'node:url'
import { packageOf } from '../config/package-of.js'
import type { Plugin } from '@semantos/core'

/** The version of the package that a plugin came from, or `unknown`. */
export function pluginVersion(plugin: Plugin): string {
  const file = pluginFile(plugin)
  return (file === null ? null : packageOf(file)?.version) ?? 'unknown'
}

/** The file that a plugin came from: where it was found, if a config named it, else what it says itself. Null if it does not say. */
export function pluginFile({ from }: Plugin): string | null {
  return from?.startsWith('file:') ? fileURLToPath(from) : null
}
