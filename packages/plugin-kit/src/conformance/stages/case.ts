import assert from 'node:assert/strict'
import { isSemantosError } from '@semantos/core'
import type { Check, Subject } from '../check.js'
import { type Rig, type RigOptions, inRig, inWords } from '../rig.js'
import type { World } from '../world/world.js'

/** A world that is against the plugin. */
export interface Case {
  readonly name: string
  readonly change: (world: World) => Partial<World>
  readonly options?: RigOptions
}

/** Failures that are the plugin's fault, whatever the world is like. */
const FAULTS: ReadonlySet<string> = new Set(['SEMANTOS_E_PLUGIN_THREW', 'SEMANTOS_E_PLUGIN_OUTPUT', 'SEMANTOS_E_PLUGIN_TIMEOUT', 'SEMANTOS_E_PLUGIN_HOOK', 'SEMANTOS_E_PLUGIN_LATE_TAP'])

/** The plugin answers, or says with a code of its own what is wrong: both are right. */
export function hostile(cases: readonly Case[]): Check[] {
  return cases.map(({ name, change, options = {} }) => ({
    name: `hostile input: ${name}`,
    run: ({ plugin, world }: Subject) => answersPlainly(() => plugin(), { ...world, ...change(world) }, options),
  }))
}

/** Asks everything and lets only failures pass that say what is wrong. `then` looks at what came out. */
export async function answersPlainly(plugin: () => ReturnType<Subject['plugin']>, world: World, options: RigOptions, then?: (rig: Rig) => void | Promise<void>): Promise<void> {
  const failures: string[] = []
  const plainly = (error: unknown) => {
    if (!isSemantosError(error) || FAULTS.has(error.code)) failures.push(inWords(error))
  }
  try {
    await inRig(plugin(), world, options, async (rig) => {
      for (const { run } of rig.asks) await run().catch(plainly)
      await then?.(rig)
    })
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error
    plainly(error)
  }
  assert.deepEqual(failures, [], 'answer what can be answered, or throw a SemantosError that says what is wrong')
}
