import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { API_VERSION, STAGES, z } from '@semantos/core'
import type { Check } from '../check.js'
import { inRig } from '../rig.js'

const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/
const Manifest = z.looseObject({ name: z.string().optional() })

export const identity: readonly Check[] = [
  {
    name: 'identity: it says what it is, for a contract that this core has',
    run: async ({ plugin }) => {
      const { name, stage, api } = plugin()
      assert.match(name, PACKAGE_NAME, 'the name must be that of a package')
      assert.ok(stage === 'any' || stage in STAGES, `there is no stage '${stage}'; use one of ${Object.keys(STAGES).join(', ')}, any`)
      assert.equal(api, API_VERSION, 'api must be the version of the contract that this core has')
    },
  },
  {
    name: 'identity: its name is that of its package',
    skip: ({ plugin }) => (plugin().from === null ? 'it does not say where it is from; add `from: import.meta.url`' : null),
    run: async ({ plugin }) => {
      const { name, from } = plugin()
      assert.equal(name, packageAround(fileURLToPath(from ?? '')), 'the name must be the one in package.json')
    },
  },
  {
    name: 'identity: it taps a hook of its stage, and none of another stage',
    run: async ({ plugin, world }) => {
      const { stage } = plugin()
      await inRig(plugin(), world, {}, async ({ kit }) => {
        const own = Object.values(kit.kernel.hooks).filter(({ name, taps }) => taps.length > 0 && (stage === 'any' || STAGES[stage].hooks.some((hook) => hook === name)))
        assert.ok(own.length > 0, `a plugin of stage '${stage}' must tap at least one of its hooks in setup`)
      })
    },
  },
]

/** The name in the nearest package.json that has one. */
function packageAround(file: string): string | null {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    const name = existsSync(path) ? Manifest.parse(JSON.parse(readFileSync(path, 'utf8'))).name : undefined
    if (name !== undefined) return name
  }
  return null
}
