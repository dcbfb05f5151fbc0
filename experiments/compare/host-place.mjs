import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kernel, streams } from '@semantos/core/kernel'
import { openHost, rollback, Run } from '@semantos/host'
import { loadConfig, loadWorkload, TUNE_DEFAULTS } from '@semantos/engine'

/** How long a start that was mis-set may stand if this process and its parent die: then a guard process takes it back. */
const START_LEASE_MS = 60 * 60_000

/** This machine, with SemantOS as `preset-host` sets it up, and leave to write: every value stands in a journal and under a guard. */
export async function openHostPlace({ name, config, workload, start, scope, seed, logs, stateDir, root = '/', settleMs = 500, say }) {
  const resolved = await loadConfig(process.cwd(), config, await loadWorkload(process.cwd(), workload))
  const knowledge = mkdtempSync(join(tmpdir(), 'semantos-compare-'))
  const parts = {
    plugins: [...resolved.slots].flatMap(([slot, plugins]) => (slot === 'report' ? [] : plugins)),
    paths: { ...resolved.paths, knowledge },
    timeLimitsMs: resolved.timeLimitsMs,
    now: () => new Date(),
    random: streams(seed),
    log: (plugin, message) => say(`${plugin}: ${message}`),
  }
  const kernelIn = async (dir) => {
    const run = await Run.open({ root, stateDir: dir, run: `compare-${name}`, command: process.argv, version: 'experiment' })
    const host = openHost({ root, writable: { run, catalogue: () => kernel.catalogue } })
    const kernel = await Kernel.create({ ...parts, host, signal: stopping.signal })
    return { run, host, kernel }
  }
  const startDir = join(stateDir, 'start')
  // Stops what belongs to no run, and every tune on this kernel.
  const stopping = new AbortController()
  let stopped = null
  let kernel = null
  try {
    if (Object.keys(start).length > 0) {
      const opened = await kernelIn(startDir)
      try {
        await opened.host.write(Object.entries(start).map(([ref, value]) => ({ ref, value })), 'compare')
        opened.run.commit({ confirmWithinMs: START_LEASE_MS })
      } finally {
        await opened.kernel.dispose()
      }
    }
    kernel = (await kernelIn(join(stateDir, 'trials'))).kernel
  } catch (error) {
    await takeBackStart()
    throw error
  }

  async function takeBackStart() {
    const { complete, rows } = await rollback({ stateDir: startDir, root, run: 'all' })
    if (!complete) throw new Error(`not taken back: ${rows.filter(({ outcome }) => outcome !== 'restored').map(({ knob }) => knob).join(', ')}`)
  }

  return {
    name,
    kernel,
    cycle: { ...kernel.context(), run: 'compare', seed, slo: resolved.slo, catalogue: kernel.catalogue },
    knobs: resolved.knobs,
    settings: { ...TUNE_DEFAULTS, seed, slo: resolved.slo, settleMs },
    scope,
    logs,
    say,
    stopped: () => stopped,
    stop(error) {
      stopped ??= error
      stopping.abort(error)
    },
    async close() {
      try {
        await kernel.dispose()
      } finally {
        rmSync(knowledge, { recursive: true, force: true })
        await takeBackStart()
      }
    },
  }
}
