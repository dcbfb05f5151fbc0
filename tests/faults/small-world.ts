import type { Applied, Batch, CallContext, Evaluation, Judgement, KnobValue, Plan, Plugin, Reading, RecommendationDraft, Step, StepView, Undone } from '@semantos/core'
import type { Kernel } from '@semantos/core/kernel'
import type { RunSettings } from '@semantos/engine'
import { knobOf } from './fake-root.js'
import { type KernelOptions, kernelOf, plugin } from './kernel-of.js'

/** What a test may make different in an otherwise sound run. */
export interface Parts {
  readonly plan?: (RecommendationDraft | readonly [knob: string, value: KnobValue])[]
  readonly live?: boolean
  /** In place of the plain reading of a knob. */
  readonly reading?: (knob: string) => Reading | null | undefined
  readonly schedule?: (plan: Plan) => Step[] | undefined
  readonly apply?: (batch: Batch, write: (knob: string, to: KnobValue) => void, context: CallContext) => Promise<Applied[] | undefined>
  readonly undo?: (applied: readonly Applied[], write: (knob: string, to: KnobValue) => void) => Promise<Undone[] | undefined>
  readonly judge?: (view: StepView) => Judgement
  readonly evaluate?: (evaluation: Evaluation) => Evaluation
  readonly measure?: (context: CallContext) => void | Promise<void>
  /** Without a workload nothing is measured. */
  readonly workload?: boolean
  readonly more?: readonly Plugin[]
  /** Lists the plugins the other way round. */
  readonly reversed?: boolean
  readonly kernel?: KernelOptions
}

/** A kernel with a plugin a stage, four knobs in memory that all stand at 0, and a log of what happened to them. */
export interface World extends AsyncDisposable {
  readonly kernel: Kernel
  readonly values: Map<string, KnobValue>
  readonly log: string[]
}

export const SETTINGS: RunSettings = {
  run: 'test', seed: 42, trials: 3, knobs: ['*'], slo: { p95_ms: 120 }, apply: false, planning: false, plan: null, settle: async () => undefined, emit: () => undefined,
}

export const recommend = (knob: string, value: KnobValue): RecommendationDraft => ({ knob, value, rationale: 'a test', expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.1 })

export async function worldOf(parts: Parts = {}): Promise<World> {
  const values = new Map<string, KnobValue>(['vm.a', 'vm.b', 'vm.c', 'vm.d'].map((name) => [name, 0]))
  const log: string[] = []
  const write = (verb: string) => (knob: string, to: KnobValue) => {
    log.push(`${verb} ${knob}=${String(to)}`)
    values.set(knob, to)
  }
  const plugins = [...pluginsOf(parts, values, log, write), ...(parts.more ?? [])]
  const kernel = await kernelOf(parts.reversed ? plugins.toReversed() : plugins, parts.kernel)
  return { kernel, values, log, [Symbol.asyncDispose]: () => kernel.dispose() }
}

function pluginsOf(parts: Parts, values: Map<string, KnobValue>, log: string[], write: (verb: string) => (knob: string, to: KnobValue) => void): Plugin[] {
  const small = { min: 0, max: 10 }
  const catalogue = plugin('catalogue', 'knowledge', ({ hooks }) => {
    hooks.configure.tapPromise('t', (knobs) => {
      for (const name of ['vm.a', 'vm.b', 'vm.c', 'vm.d']) knobs.knob(knobOf(name, { type: { kind: 'integer', unit: 'count', range: small, safe: small, search: null } }))
    })
    hooks.learn.tapPromise('t', ({ outcome }) => void log.push(`learn ${outcome}`))
  })
  const telemetry = plugin('telemetry', 'telemetry', ({ hooks }) => {
    hooks.collect.tapPromise('t', async (snapshot, { random }) => snapshot.add({ name: 'load', value: random('load')(), unit: 'count' }))
  })
  const reasoning = plugin('reasoning', 'reasoning', ({ hooks }) => {
    const plan = parts.plan ?? [['vm.a', 1], ['vm.b', 2]]
    hooks.reason.tapPromise('t', async () => ({ recommendations: plan.map((one) => ('knob' in one ? one : recommend(one[0], one[1]))) }))
  })
  const guard = plugin('guard', 'guardrails', ({ hooks }) => hooks.guard.tapPromise('t', () => void log.push('guard')))
  const rollout = plugin('rollout', 'rollout', ({ hooks }) => {
    const one = ({ recommendations }: Plan) => recommendations.map(({ knob }) => ({ knobs: [knob], host_share: 1 }))
    hooks.schedule.tapPromise('t', async (plan) => (parts.schedule ?? one)(plan))
  })
  const monitoring = plugin('monitoring', 'monitoring', ({ hooks }) => {
    hooks.observe.tapPromise('t', (observations, { look }) => observations.add({ name: 'p95_ms', unit: 'ms', before: null, after: look }))
    hooks.judge.tapPromise('t', async (_, view) => {
      const judgement = parts.judge?.(view) ?? { decision: 'promote' as const, reasons: ['fine'] }
      log.push(`judge ${view.step.knobs.join('+')} look ${view.look}: ${judgement.decision}`)
      return judgement
    })
  })
  const evaluation = plugin('evaluation', 'evaluation', ({ hooks }) => {
    const p95: Record<'baseline' | 'tuned', number[]> = { baseline: [], tuned: [] }
    hooks.trial.tapPromise('t', ({ arm, latency }) => void p95[arm].push(latency.p95_ms))
    hooks.evaluate.tapPromise('t', (before) => {
      const [baseline_p95_ms = null, tuned_p95_ms = null] = [p95.baseline[0], p95.tuned[0]]
      const own: Evaluation = { ...before, trials: p95.tuned.length, baseline_p95_ms, tuned_p95_ms, verdict: 'better', words: 'faster' }
      return parts.evaluate?.(own) ?? own
    })
  })
  const report = plugin('report', 'report', ({ hooks }) => hooks.report.tapPromise('t', ({ outcome }) => void log.push(`report ${outcome}`)))
  const watcher = plugin('watcher', 'any', ({ hooks }) => hooks.fault.tapPromise('t', ({ code }) => void log.push(`fault ${code}`)))
  return [catalogue, telemetry, reasoning, guard, rollout, applierOf(parts, values, write), monitoring, evaluation, report, watcher, ...(parts.workload === false ? [] : [workloadOf(parts, log)])]
}

function applierOf(parts: Parts, values: Map<string, KnobValue>, write: (verb: string) => (knob: string, to: KnobValue) => void): Plugin {
  return plugin('applier', 'applier', ({ hooks }) => {
    hooks.read.tapPromise('t', async (readings) => {
      for (const { name } of readings.knobs) {
        const value = values.get(name) ?? 0
        const other = parts.reading?.(name)
        if (other === null) continue
        readings.add(other ?? { status: 'present', knob: name, text: String(value), value, writable: true, live: parts.live ?? false })
      }
    })
    hooks.apply.tapPromise('t', async (batch, context) => {
      if (parts.apply) return parts.apply(batch, write('apply'), context)
      return batch.changes.map(({ knob, from, to }) => {
        write('apply')(knob, to)
        return { knob, before: from, wanted: to, stored: to }
      })
    })
    hooks.undo.tapPromise('t', async ({ applied }) => {
      if (parts.undo) return parts.undo(applied, write('undo'))
      return applied.map(({ knob, before }) => {
        const outcome = values.get(knob) === before ? ('unchanged' as const) : ('restored' as const)
        if (outcome === 'restored') write('undo')(knob, before)
        return { knob, outcome, now: before, detail: 'in memory' }
      })
    })
  })
}

/** Latency falls with the sum of the knobs: 100 ms less 1 ms a unit. */
function workloadOf(parts: Parts, log: string[]): Plugin {
  return plugin('workload', 'workload', ({ hooks }) =>
    hooks.measure.tapPromise('t', async ({ arm, index, knobs }, context) => {
      log.push(`measure ${arm} ${index}`)
      await parts.measure?.(context)
      const sum = [...knobs.values()].reduce<number>((total, value) => total + Number(value), 0)
      const p95_ms = 100 - sum + context.random(`${arm}/${index}`)() / 1000
      return { latency: { p50_ms: 1, p95_ms, p99_ms: 200, max_ms: 300 }, throughput_per_s: 1, requests: 1, errors: 0, counters: {} }
    }),
  )
}
