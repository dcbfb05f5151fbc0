import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Plugin } from '../kernel/plugin.js'

const Manifest = z.object({ version: z.string() })

/** The version of the package that a plugin came from, or `unknown`. */
export function pluginVersion({ from }: Plugin): string {
  if (from === null) return 'unknown'
  try {
    return Manifest.parse(JSON.parse(readFileSync(new URL('../package.json', from), 'utf8'))).version
  } catch {
    return 'unknown'
  }
}
