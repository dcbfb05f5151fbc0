import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { openHost } from '@semantos/host'
import { definePlugin, type Plugin, type PluginSpec, type PluginStage, type Proposal, type Situation } from '@semantos/core'
import { Kernel, streams, type TimeLimits } from '@semantos/core/kernel'

const NO_OPTIONS = z.strictObject({})

/** A plugin of a test's own: a name, a stage, and what it taps. */
export function plugin<const S extends PluginStage>(name: string, stage: S, setup: PluginSpec<S, typeof NO_OPTIONS>['setup']): Plugin<S> {
  return definePlugin({ name, stage, api: 1, options: NO_OPTIONS, setup })()
}

export interface KernelOptions {
  readonly root?: string
  readonly seed?: number
  readonly timeLimitsMs?: TimeLimits
  readonly now?: () => Date
  readonly log?: (plugin: string, message: string) => void
  readonly signal?: AbortSignal
}

/** A real kernel around a few plugins, with a fixed clock, on a root without a single kernel file. */
export function kernelOf(plugins: readonly Plugin[], options: KernelOptions = {}): Promise<Kernel> {
  const root = options.root ?? mkdtempSync(join(tmpdir(), 'semantos-kernel-'))
  return Kernel.create({
    plugins: plugins.map((each) => {
      const prepared = each.prepare()
      if (!prepared.success) throw prepared.error
      return { plugin: each, setup: prepared.setup }
    }),
    host: openHost({ root }),
    paths: { base: root, sandbox: join(root, 'sysctl.conf'), knowledge: join(root, 'knowledge'), results: join(root, 'results'), backup: join(root, 'backup') },
    timeLimitsMs: options.timeLimitsMs ?? { default: 5000 },
    now: options.now ?? (() => new Date('2026-01-01T00:00:00Z')),
    random: streams(options.seed ?? 42),
    log: options.log ?? (() => undefined),
    ...(options.signal && { signal: options.signal }),
  })
}

/** What a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it was expected to fail')
}

/** The context of a cycle in which nothing has been seen yet. */
export function situationOf(kernel: Kernel): Situation {
  const cycle = { ...kernel.context(), run: 'test', seed: 42, slo: { p95_ms: 120 }, catalogue: kernel.catalogue }
  const snapshot = { time: '2026-01-01T00:00:00.000Z', host: null, metrics: [], missing: [] }
  return { ...cycle, snapshot, evidence: { edges: [], traces: [], documents: [] }, current: new Map() }
}

export function proposalOf(kernel: Kernel): Proposal {
  return { ...situationOf(kernel), plan: { recommendations: [], advice: [] }, resulting: new Map() }
}

/** Lets a test hand over what the types forbid, as a plugin in plain JavaScript may. */
export function untyped<T>(value: unknown): T {
  if (passes<T>(value)) return value
  throw new TypeError('never')
}

function passes<T>(_value: unknown): _value is T {
  return true
}
