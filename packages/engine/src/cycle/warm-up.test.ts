import { definePlugin, z } from '@semantos/core'
import { describe, expect, test } from 'vitest'
import { SETTINGS, worldOf } from '../../../../tests/faults/small-world.js'
import { runCycle } from './cycle.js'

/** A workload that is ten times slower the first time it runs after anything changed. */
function cold(live: boolean, measured: string[]) {
  const workload = definePlugin({
    name: 'cold', stage: 'workload', api: 1, live, options: z.strictObject({}),
    setup({ hooks }) {
      let last = ''
      hooks.measure.tapPromise('t', async ({ arm, knobs }) => {
        const now = JSON.stringify([...knobs])
        const p95_ms = now === last ? 10 : 100
        last = now
        measured.push(`${arm} ${p95_ms}`)
        return { latency: { p50_ms: 1, p95_ms, p99_ms: 200, max_ms: 300 }, throughput_per_s: 1, requests: 1, errors: 0, counters: {} }
      })
    },
  })
  return workload({})
}

describe('the trials of a run', () => {
  const judged = ['baseline 10', 'baseline 10', 'baseline 10', 'tuned 10', 'tuned 10', 'tuned 10']

  test('begin, for each arm, when a workload of this machine is warm', async () => {
    const measured: string[] = []
    await using world = await worldOf({ live: true, workload: false, plan: [['vm.a', 1]], more: [cold(true, measured)] })
    const { evaluation } = await runCycle(world.kernel, { ...SETTINGS, apply: true })
    expect(measured.filter((trial) => !trial.startsWith('probe'))).toEqual(judged)
    expect(evaluation).toMatchObject({ trials: 3, baseline_p95_ms: 10, tuned_p95_ms: 10 })
  })

  test('are those of a simulation as they are', async () => {
    const measured: string[] = []
    await using world = await worldOf({ workload: false, plan: [['vm.a', 1]], more: [cold(false, measured)] })
    await runCycle(world.kernel, SETTINGS)
    expect(measured.filter((trial) => trial === 'baseline 100')).toHaveLength(1)
  })
})
