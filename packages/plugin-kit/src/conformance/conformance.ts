import assert from 'node:assert/strict'
import { isPlugin, isPluginFactory, type PluginFactory, type PluginStage, type z } from '@semantos/core'
import type { Check, Subject } from './check.js'
import { answers } from './checks/answers.js'
import { cutOff } from './checks/cut-off.js'
import { determinism } from './checks/determinism.js'
import { disposal } from './checks/disposal.js'
import { identity } from './checks/identity.js'
import { options } from './checks/options.js'
import { writing } from './checks/writing.js'
import type { Given, Test } from './given.js'
import { STAGE_CHECKS } from './stages/index.js'
import { worldOf } from './world/world.js'

/** What every plugin must keep, whatever its stage. */
const COMMON: readonly Check[] = [...identity, ...options, ...answers, ...cutOff, ...determinism, ...disposal, ...writing]

/**
 * The plugin contract as tests, one a behaviour, registered with the author's own `test`. Call it where tests may be
 * registered: at the top of a test file or in a `describe`.
 */
export function conformance<S extends PluginStage, O extends z.ZodType>(test: Test, factory: PluginFactory<S, O>, given: Given<z.input<O>> = {}): void {
  if (!isPluginFactory(factory)) {
    test('identity: it is what definePlugin returns', async () => assert.fail('pass the factory, the default export of the plugin, not what it returns'))
    return
  }
  const subject = subjectOf(factory, given)
  for (const { name, skip, run } of [...COMMON, ...(factory.stage in STAGE_CHECKS ? STAGE_CHECKS[factory.stage] : [])]) {
    test(`${factory.pluginName}: ${name}`, async (context) => {
      const reason = given.skip ?? skip?.(subject) ?? null
      if (reason === null) await run(subject)
      else context.skip(reason)
    })
  }
}

function subjectOf<S extends PluginStage, O extends z.ZodType>(factory: PluginFactory<S, O>, { options: right, badOptions = [], deterministic = false, world = {} }: Given<z.input<O>>): Subject {
  return {
    plugin: (written: unknown = right) => {
      // Options that the types forbid are written all the same, as in a JSON config.
      const plugin: unknown = Reflect.apply(factory, undefined, [written])
      assert.ok(isPlugin(plugin), 'the factory must return a plugin')
      return plugin
    },
    options: right,
    badOptions,
    deterministic,
    world: worldOf(world),
  }
}
