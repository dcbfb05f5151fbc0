import { expectTypeOf } from 'vitest'
import { z } from 'zod'
import type { HostReader, HostWriter } from '../kernel/host-interface.js'
import type { SnapshotView } from '../kernel/drafts.js'
import { type Plugin, definePlugin } from '../kernel/plugin.js'
import type { PlanDraft } from '../model/plan.js'
import { type SemantosConfig, defineConfig } from './define.js'

const telemetry = definePlugin({
  name: 'telemetry', stage: 'telemetry', api: 1, options: z.strictObject({ window_ms: z.number().default(1000), path: z.string() }),
  setup({ hooks, host, paths }, options) {
    // Options are parsed and defaulted.
    expectTypeOf(options).toEqualTypeOf<{ window_ms: number; path: string }>()
    expectTypeOf(paths.results).toBeString()
    expectTypeOf(host).toEqualTypeOf<HostReader>()
    hooks.collect.tapPromise('t', (snapshot, cycle) => {
      expectTypeOf(snapshot).toEqualTypeOf<SnapshotView>()
      expectTypeOf(cycle.signal).toEqualTypeOf<AbortSignal>()
      // @ts-expect-error a metric without a unit
      snapshot.add({ name: 'load', value: 1 })
      // @ts-expect-error the stamp is the kernel's
      snapshot.add({ name: 'load', value: 1, unit: 'count', source: 'me' })
    })
    hooks.start.tapPromise({ name: 't', before: ['other'] }, () => undefined)
    hooks.dispose.tapPromise('t', async () => undefined)
    // Its own hooks and the lifecycle, and nothing to do with them but to tap.
    expectTypeOf<keyof typeof hooks>().toEqualTypeOf<'collect' | 'watch' | 'start' | 'explain' | 'fault' | 'dispose'>()
    expectTypeOf<keyof typeof hooks.collect>().toEqualTypeOf<'tapPromise'>()
    expectTypeOf(host).not.toHaveProperty('write')
    expectTypeOf(host).not.toHaveProperty('restore')
  },
})

const reasoning = definePlugin({
  name: 'reasoning', stage: 'reasoning', api: 1, options: z.strictObject({}),
  setup({ hooks }) {
    hooks.reason.tapPromise('t', async (plan, situation): Promise<PlanDraft> => {
      expectTypeOf(situation.snapshot.metrics[0]?.value).toEqualTypeOf<number | undefined>()
      return { recommendations: plan.recommendations }
    })
    // @ts-expect-error a plan without recommendations
    hooks.reason.tapPromise('t', async () => ({ advice: [] }))
    // @ts-expect-error a tap that returns nothing
    hooks.reason.tapPromise('t', async () => undefined)
    expectTypeOf(hooks).not.toHaveProperty('guard')
  },
})

const guard = definePlugin({
  name: 'guard', stage: 'guardrails', api: 1, options: z.strictObject({}),
  setup({ hooks }) {
    hooks.guard.tapPromise('t', (verdict, { resulting }) => {
      expectTypeOf(resulting.get('vm.a')).toEqualTypeOf<string | number | readonly number[] | undefined>()
      // No guard can allow what another refused.
      expectTypeOf<keyof typeof verdict>().toEqualTypeOf<'violate'>()
    })
  },
})

const applier = definePlugin({
  name: 'applier', stage: 'applier', api: 1, options: z.strictObject({}),
  setup({ hooks, host }) {
    expectTypeOf(host).toEqualTypeOf<HostWriter>()
    hooks.apply.tapPromise('t', async ({ changes }) => host.write(changes.map(({ knob, to }) => ({ ref: knob, value: to })), 'applier'))
    hooks.undo.tapPromise('t', async ({ applied }) => host.restore(applied.map(({ knob }) => knob), 'applier'))
    expectTypeOf(hooks).not.toHaveProperty('schedule')
  },
})

const anywhere = definePlugin({
  name: 'anywhere', stage: 'any', api: 1, options: z.strictObject({ verbose: z.boolean().optional() }),
  setup({ hooks, host }) {
    hooks.collect.tapPromise('t', () => undefined)
    hooks.guard.tapPromise('t', () => undefined)
    hooks.undo.tapPromise('t', () => undefined)
    // No writing door, wherever it taps.
    expectTypeOf(host).toEqualTypeOf<HostReader>()
  },
})

definePlugin({
  name: 'wrong',
  // @ts-expect-error a stage that is not there
  stage: 'telemetri',
  api: 1,
  options: z.strictObject({}),
  setup: () => undefined,
})

// What a factory takes is what may be written, with defaults left out.
expectTypeOf(telemetry).parameter(0).toEqualTypeOf<{ window_ms?: number | undefined; path: string } | undefined>()
expectTypeOf(telemetry({ path: '/x' })).toEqualTypeOf<Plugin<'telemetry'>>()
telemetry({ path: '/x' }, { id: 'second' })
// @ts-expect-error an option that is not there
telemetry({ path: '/x', windw_ms: 1 })
// @ts-expect-error an option of the wrong type
telemetry({ path: 3 })
// @ts-expect-error an option that is missing
telemetry({})

defineConfig({ telemetry: telemetry({ path: '/x' }), reasoning: [reasoning(), reasoning({}, { id: 'b' })], guardrails: guard(), applier: applier(), plugins: [anywhere()] })
defineConfig({ telemetry: ['@acme/telemetry', { use: '@acme/telemetry', options: { path: '/x' }, id: 'b' }] })
defineConfig({ extends: { telemetry: telemetry({ path: '/x' }) }, seed: 1, slo: { p95_ms: 120 }, time_limits_ms: { measure: 60_000 } })
defineConfig({ extends: '@acme/preset' })

// @ts-expect-error a reasoner among the telemetry
defineConfig({ telemetry: reasoning() })
// @ts-expect-error a reasoner among the telemetry, in a list
defineConfig({ telemetry: [telemetry({ path: '/x' }), reasoning()] })
// @ts-expect-error a guard where an applier stands
defineConfig({ applier: guard() })
// @ts-expect-error a plugin of a stage beside the slots
defineConfig({ plugins: [telemetry({ path: '/x' })] })
// @ts-expect-error a plugin that taps everything, in a slot
defineConfig({ telemetry: anywhere() })
// @ts-expect-error the factory itself
defineConfig({ telemetry })
// @ts-expect-error a slot that is not there
defineConfig({ telemetri: telemetry({ path: '/x' }) })
// @ts-expect-error a preset with a plugin in the wrong slot
defineConfig({ extends: { telemetry: reasoning() } })
// @ts-expect-error a preset that was not called
defineConfig({ extends: () => ({}) })
// @ts-expect-error a seed in words
defineConfig({ seed: '42' })
// @ts-expect-error an objective that nobody measures
defineConfig({ slo: { p50_ms: 1 } })
// @ts-expect-error a misspelt key of a named plugin
defineConfig({ telemetry: { use: '@acme/telemetry', option: {} } })

expectTypeOf(defineConfig).returns.toEqualTypeOf<SemantosConfig>()
