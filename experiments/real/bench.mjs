import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kernel, streams } from '@semantos/core/kernel'
import { openHost, Run } from '@semantos/host'
import { loadConfig, loadWorkload } from '@semantos/engine'

const SETTLE_MS = 500
/** Every trial is made anew in the same way, whatever is set. */
const RENEW = ['next listen()', 'new sockets', 'new connections', 'next open()', 'new sessions', 'new processes']

/**
 * One experiment's machine: sets knobs through the journal, so that whatever ends this process takes them back, and runs
 * trials of the workload on what stands. A signal ends the trial under way.
 */
export async function openBench(name, config, workloadFile, signal) {
  const folder = process.cwd()
  const resolved = await loadConfig(folder, config, await loadWorkload(folder, workloadFile))
  const run = await Run.open({ root: '/', stateDir: mkdtempSync(join(tmpdir(), 'semantos-experiment-')), run: name, command: process.argv, version: 'experiment' })
  const host = openHost({ root: '/', writable: { run, catalogue: () => kernel.catalogue } })
  const kernel = await Kernel.create({
    plugins: ['knowledge', 'workload'].flatMap((slot) => resolved.slots.get(slot) ?? []),
    host,
    paths: resolved.paths,
    timeLimitsMs: resolved.timeLimitsMs,
    now: () => new Date(),
    random: streams(resolved.seed),
    log: (plugin, message) => process.stderr.write(`${plugin}: ${message}\n`),
    // What compares every value at the end is opened after a stop, and goes on.
    ...(signal && !signal.aborted && { signal }),
  })
  let index = 0
  const valuesOf = () => new Map([...kernel.catalogue].flatMap((knob) => host.readKnob(knob)).flatMap((reading) => (reading.status === 'present' ? [[reading.knob, reading]] : [])))
  return {
    random: kernel.context().random('order'),
    /** Every knob of the catalogue as the kernel shows it, to the byte. */
    texts: () => new Map([...valuesOf()].map(([ref, { text }]) => [ref, text])),
    value: (ref) => host.readKnob(kernel.catalogue.get(ref)).find(({ knob }) => knob === ref)?.value,
    async set(settings) {
      const standing = valuesOf()
      const changes = Object.entries(settings).filter(([ref, value]) => JSON.stringify(standing.get(ref)?.value) !== JSON.stringify(value))
      // The 0 of a pair that excludes each other comes by itself when the other one is written.
      const writes = changes.filter(([ref, value]) => value !== 0 || kernel.catalogue.get(ref).resets.length === 0)
      await host.write(writes.map(([ref, value]) => ({ ref, value })), 'experiment')
    },
    async trial() {
      await sleep(SETTLE_MS)
      const cycle = { ...kernel.context(), run: name, seed: resolved.seed, slo: resolved.slo, catalogue: kernel.catalogue }
      return kernel.hooks.measure.run({ arm: 'probe', index: index++, renew: RENEW, knobs: new Map() }, cycle)
    },
    /** Takes back everything that was set. */
    async close() {
      await kernel.dispose()
    },
  }
}
