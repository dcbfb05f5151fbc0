import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sandbox from '@semantos/applier-sandbox'
import bounds from '@semantos/guardrails-bounds'
import catalogue from '@semantos/knowledge-catalogue'
import { TUNE_DEFAULTS } from '@semantos/engine'
import { mount } from '@semantos/plugin-kit'
import rules from '@semantos/reasoning-rules'
import telemetry from '@semantos/telemetry-synthetic'
import workload, { KNOB_DEFAULTS } from '@semantos/workload-synthetic'
import { family } from '../ablation/hosts.mjs'

/** A synthetic host of its own for each seed, with SemantOS as `preset-reproduction` sets it up. The start is the kernel's defaults. */
export async function openSyntheticPlace({ seed, say }) {
  const [host] = family(seed, 1)
  const base = mkdtempSync(join(tmpdir(), 'semantos-compare-'))
  const signals = { load: host.load_tasks, irq_rate: host.arrival_rate_per_s * 2.5 }
  const kit = await mount([telemetry({ signals }), catalogue(), rules({ sets: ['kit'] }), bounds(), sandbox(), workload(host)], { seed, paths: { base } })
  const knobs = Object.keys(KNOB_DEFAULTS)
  return {
    name: 'synthetic',
    kernel: kit.kernel,
    cycle: kit.cycle,
    knobs,
    settings: { ...TUNE_DEFAULTS, seed, slo: kit.cycle.slo, settleMs: 0 },
    scope: { knobs },
    logs: join(base, 'logs'),
    say,
    stopped: () => null,
    async close() {
      await kit.kernel.dispose()
      rmSync(base, { recursive: true, force: true })
    },
  }
}
