import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from '@semantos/core'

const Manifest = z.object({ name: z.string(), version: z.string().default('unknown') })
export type Manifest = z.infer<typeof Manifest>

/** What was read already: the code in memory stays what it was, whatever is installed over it meanwhile. */
const manifests = new Map<string, Manifest | null>()

/** The package that a file belongs to: the nearest package.json above it that has a name. Null where there is none. */
export function packageOf(file: string): Manifest | null {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const known = manifests.get(folder)
    const manifest = known === undefined ? readManifest(join(folder, 'package.json')) : known
    manifests.set(folder, manifest)
    if (manifest) return manifest
    if (folder === dirname(folder)) return null
  }
}

function readManifest(path: string): Manifest | null {
  if (!existsSync(path)) return null
  try {
    return Manifest.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null
  } catch {
    return null
  }
}
