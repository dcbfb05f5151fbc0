import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SnapshotDraft, WatchDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import prometheus from './index.js'

const missingProgram = ['prometheus', 'prometheus-node-exporter'].find((program) => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const skipped = missingProgram === undefined ? '' : ` (skipped: there is no ${missingProgram})`
describe.skipIf(skipped !== '')(`a Prometheus server with node_exporter${skipped}`, () => {
  const children: ChildProcess[] = []
  let url = ''

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
    const [port, exporter] = [await freePort(), await freePort()]
    writeFileSync(join(folder, 'prometheus.yml'), `global: { scrape_interval: 1s }\nscrape_configs: [{ job_name: node, static_configs: [{ targets: ['127.0.0.1:${exporter}'] }] }]\n`)
    children.push(
      spawn('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${exporter}`, '--collector.disable-defaults', '--collector.loadavg', '--collector.cpu', '--collector.stat'], { stdio: 'ignore' }),
      spawn('prometheus', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' }),
    )
    url = `http://127.0.0.1:${port}`
    const scrapes = { scrapes: { query: 'count_over_time(node_load1[1m]) >= 3', unit: 'count' } }
    await vi.waitFor(async () => expect((await ask(scrapes)).missing).toEqual([]), { timeout: 110_000, interval: 500 })
  })
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
  })

  async function ask(queries: Record<string, { query: string; unit: string }>) {
    await using kit = await mount(prometheus({ url, queries, timeout_ms: 60_000 }), { timeLimitMs: 100_000 })
    return (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(kit.kernel.now())
  }

  it('gives scalars, vectors of one series, and rates', async () => {
    const { metrics, missing } = await ask({
      load: { query: 'node_load1', unit: 'tasks' },
      'cpu.idle_pct': { query: '100 * avg(rate(node_cpu_seconds_total{mode="idle"}[$window]))', unit: 'percent' },
      two: { query: 'scalar(vector(1)) + 1', unit: 'count' },
    })
    expect(missing).toEqual([])
    expect(metrics.map(({ name, unit }) => [name, unit])).toEqual([['cpu.idle_pct', 'percent'], ['load', 'tasks'], ['two', 'count']])
    expect(metrics.find(({ name }) => name === 'two')?.value).toBe(2)
    for (const { value } of metrics) expect(value).toBeGreaterThanOrEqual(0)
  })

  it('says what gives no number', async () => {
    const { metrics, missing } = await ask({
      empty: { query: 'no_such_metric', unit: 'count' },
      many: { query: 'node_cpu_seconds_total', unit: 's' },
      nan: { query: '0 / 0', unit: 'count' },
      failing: { query: 'node_cpu_seconds_total + on(cpu) node_cpu_seconds_total', unit: 'count' },
    })
    expect(metrics).toEqual([])
    const reasons = new Map(missing.map(({ name, reason }) => [name, reason]))
    expect(reasons.get('empty')).toBe('the query gave no series')
    expect(reasons.get('many')).toMatch(/^the query gave \d+ series, not one/)
    expect(reasons.get('nan')).toBe('the query gave NaN')
    expect(reasons.get('failing')).toMatch(/HTTP 422: found duplicate series/)
  })

  it.each([
    ['what is no query', 'sum(', /the query is refused: .*parse error/],
    ['a range', 'node_load1[1m]', /gives a matrix/],
  ])('refuses %s', async (_what, query, message) => {
    await expect(ask({ wrong: { query, unit: 'count' } })).rejects.toThrow(message)
  })

  it('is asked at the end of a trial', async () => {
    await using kit = await mount(prometheus({ url, queries: { 'app.forks': { query: 'max(node_forks_total)', unit: 'count' } } }))
    const [metric] = await (await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)).end()
    expect(metric?.name).toBe('app.forks')
    expect(metric?.value).toBeGreaterThan(0)
  })
})
