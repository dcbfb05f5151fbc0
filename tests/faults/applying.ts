import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cycle, definePlugin, type Knob, type Plugin, z } from '@semantos/core'
import { Kernel, ReadingsDraft, streams } from '@semantos/core/kernel'
import { openHost, Run } from '@semantos/host'
import { stateDir } from './writing.js'

export interface Applying extends AsyncDisposable {
  readonly kernel: Kernel
  readonly cycle: Cycle
  readonly run: Run | null
  readonly logged: readonly string[]
  /** Asks the appliers how these knobs stand. */
  read(): Promise<ReadingsDraft>
}

/** An applier in a kernel of its own that knows these knobs; without `apply` it may only read. */
export async function applying(plugins: readonly Plugin[], root: string, knobs: readonly Knob[], apply: 'apply' | 'look' = 'apply', timeLimitMs = 5000): Promise<Applying> {
  const knowledge = definePlugin({
    name: 'test-knobs',
    stage: 'knowledge',
    api: 1,
    options: z.strictObject({}),
    setup: ({ hooks }) => hooks.configure.tapPromise('knobs', (draft) => knobs.forEach((knob) => draft.knob(knob))),
  })()
  const run = apply === 'apply' ? await Run.open({ root, stateDir: stateDir(), run: 'test', command: ['test'], version: '0.0.0', guard: false }) : null
  const base = mkdtempSync(join(tmpdir(), 'semantos-applier-'))
  const logged: string[] = []
  const kernel: Kernel = await Kernel.create({
    plugins: [knowledge, ...plugins].map((plugin) => {
      const prepared = plugin.prepare()
      if (!prepared.success) throw prepared.error
      return { plugin, setup: prepared.setup }
    }),
    host: openHost({ root, writable: run && { run, catalogue: () => kernel.catalogue } }),
    paths: { base, sandbox: base, knowledge: base, results: base, backup: base },
    timeLimitsMs: { default: timeLimitMs },
    now: () => new Date('2026-01-01T00:00:00Z'),
    random: streams(1),
    log: (plugin, message) => void logged.push(`${plugin}: ${message}`),
  })
  const cycle: Cycle = { ...kernel.context(), run: 'test', seed: 1, slo: { p95_ms: 100 }, catalogue: kernel.catalogue }
  return {
    kernel, cycle, run, logged,
    read: () => kernel.hooks.read.run(new ReadingsDraft([...kernel.catalogue]), cycle),
    [Symbol.asyncDispose]: () => kernel.dispose(),
  }
}
