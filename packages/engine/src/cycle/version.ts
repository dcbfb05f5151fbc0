import { readFileSync } from 'node:fs'
import { z } from '@semantos/core'

const Manifest = z.object({ version: z.string() })

/** This package's version. Both dist/ and dist/chunks/ lie below the manifest. */
export function semantosVersion(): string {
  for (const manifest of ['../package.json', '../../package.json']) {
    try {
      return Manifest.parse(JSON.parse(readFileSync(new URL(manifest, import.meta.url), 'utf8'))).version
    } catch {
      continue
    }
  }
  return 'unknown'
}
