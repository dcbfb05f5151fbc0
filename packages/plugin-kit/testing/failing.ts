import { definePlugin, type PluginFactory, type PluginSpec, type PluginStage, z } from '@semantos/core'
import { type Given, conformance } from '../src/index.js'

const NO_OPTIONS = z.strictObject({})

/** A plugin of a test's own: a stage and what it taps. */
export function plugin<const S extends PluginStage>(stage: S, setup: PluginSpec<S, typeof NO_OPTIONS>['setup']): PluginFactory<S, typeof NO_OPTIONS> {
  return definePlugin({ name: 'a-plugin', stage, api: 1, options: NO_OPTIONS, setup })
}

/** The conformance tests that fail with this plugin, without its name. */
export async function failing<S extends PluginStage, O extends z.ZodType>(factory: PluginFactory<S, O>, given: Given<z.input<O>> = {}): Promise<string[]> {
  const tests: { readonly name: string; readonly run: (context: { skip(reason?: string): unknown }) => Promise<void> }[] = []
  conformance((name, run) => tests.push({ name: name.replace(/^a-plugin: /, ''), run }), factory, given)
  const failures: string[] = []
  for (const { name, run } of tests) await run({ skip: () => undefined }).catch(() => failures.push(name))
  return failures
}
