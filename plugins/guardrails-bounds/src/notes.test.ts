import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../testing/proposal.js'
import { notesOn } from './notes.js'
import { Options } from './options.js'

function notes(name: string, options: Parameters<typeof Options.parse>[0] = {}): string[] {
  const knob = CATALOGUE.get(name)
  if (!knob) throw new Error(`${name} is not in the catalogue`)
  return notesOn(knob, CATALOGUE, Options.parse(options))
}

describe('what is told of a knob', () => {
  it('is every rule that holds it, with the bound as it is set', () => {
    expect(notes('kernel.sched_min_granularity_ns', { max_factor: 4, min_slice_us: 700, bounds: { 'kernel.sched_min_granularity_ns': { min: 1e6, max: 9e6 } } })).toEqual([
      'bounds: 1000000..9000000, as configured',
      'relation: at most kernel.sched_latency_ns',
      'bounded_changes: at most 4 times larger or smaller in one step',
      "no_starvation: a task's slice is at least 700 us",
      "no_starvation: a runnable task's wait for its turn is at most 200 ms",
    ])
    expect(notes('net.core.rmem_max')).toContain('relation: at least net.core.rmem_default')
    expect(notes('vm.dirty_ratio')).toEqual([
      'relation: the background limit of dirty pages is at most the other',
      'bounded_changes: at most 10 times larger or smaller in one step',
      'no_oom: what dirty pages may fill of the available memory is at most 50%',
    ])
  })

  it('leaves out what is switched off, and what means nothing for such a value', () => {
    expect(notes('vm.dirty_ratio', { guardrails: [] })).toEqual(['relation: the background limit of dirty pages is at most the other'])
    for (const name of ['kernel.numa_balancing', 'thp.enabled', 'net.ipv4.ip_local_port_range']) expect(notes(name)).toEqual([])
  })
})
