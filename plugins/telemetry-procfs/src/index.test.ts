import { setTimeout as sleep } from 'node:timers/promises'
import { SnapshotDraft, WatchDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import { describe, expect, it } from 'vitest'
import procfs from './index.js'
import { fixture } from './testing.js'

describe('telemetry-procfs', () => {
  it('adds metrics, missing metrics and host facts to the snapshot', async () => {
    await using kit = await mount(procfs({ window_ms: 20 }), { root: fixture('vm-6.18') })
    const snapshot = (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(kit.kernel.now())
    expect(snapshot.metrics).toContainEqual({ name: 'memory.total_bytes', value: 24684096 * 1024, unit: 'bytes', source: '@semantos/telemetry-procfs' })
    expect(snapshot.metrics).toContainEqual({ name: 'irq_rate', value: 0, unit: 'per_s', source: '@semantos/telemetry-procfs' })
    expect(snapshot.missing.map((missing) => missing.name)).toContain('sched.run_queue_wait_ms_per_s')
    expect(snapshot.host).toMatchObject({ name: 'vm', cpus: 2 })
  })

  it('watches the host it runs on for the window it was given', async () => {
    await using kit = await mount(procfs({ window_ms: 120 }))
    const start = performance.now()
    const snapshot = (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(kit.kernel.now())
    expect(performance.now() - start).toBeGreaterThanOrEqual(115)
    expect(snapshot.metrics.find((metric) => metric.name === 'irq_rate')?.value).toBeGreaterThan(0)
  })

  it('watches a trial: what was counted between its start and its end', async () => {
    await using kit = await mount(procfs())
    const watch = await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)
    await sleep(50)
    const metrics = new Map((await watch.end()).map(({ name, value }) => [name, value]))
    expect(metrics.get('irq_rate')).toBeGreaterThan(0)
    expect(metrics.get('memory.total_bytes')).toBeGreaterThan(0)
  })

  it('stops waiting when its time is up', async () => {
    await using kit = await mount(procfs({ window_ms: 60_000 }), { root: fixture('vm-6.18'), timeLimitMs: 50 })
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
    const [start, timersBefore] = [performance.now(), timers()]
    await expect(kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).rejects.toMatchObject({ code: 'SEMANTOS_E_PLUGIN_TIMEOUT' })
    expect(performance.now() - start).toBeLessThan(50_000)
    expect(timers()).toBeLessThanOrEqual(timersBefore)
  })

  it.each([{ window_ms: 9 }, { window_ms: 1.5 }, { window_ms: 600_001 }, { procfs: 'proc' }, { sysfs: '' }])('refuses the options %j', (options) => {
    expect(procfs(options).prepare().success).toBe(false)
  })
})
