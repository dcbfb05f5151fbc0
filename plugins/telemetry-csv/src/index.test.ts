import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isSemantosError } from '@semantos/core'
import { SnapshotDraft } from '@semantos/core/kernel'
import { mount } from '@semantos/plugin-kit'
import { describe, expect, it } from 'vitest'
import csv from './index.js'
import { unitOfColumn } from './units.js'

const SAMPLE = fileURLToPath(new URL('../../../experiments/data/telemetry_sample.csv', import.meta.url))

async function collected(options: Parameters<typeof csv>[0], base?: string) {
  await using kit = await mount(csv(options), base === undefined ? {} : { paths: { base } })
  return (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(kit.kernel.now())
}

const valuesOf = async (options: Parameters<typeof csv>[0], base?: string) =>
  Object.fromEntries((await collected(options, base)).metrics.map((metric) => [metric.name, metric.value]))

function baseWith(text: string): string {
  const base = mkdtempSync(join(tmpdir(), 'semantos-csv-'))
  writeFileSync(join(base, 'recording.csv'), text)
  return base
}

describe('telemetry-csv', () => {
  it('replays the last row of the sample recording, with units', async () => {
    const source = '@semantos/telemetry-csv'
    expect(await collected({ file: SAMPLE })).toMatchObject({
      host: null,
      metrics: [
        { name: 'irq_rate', value: 26000, unit: 'per_s', source },
        { name: 'load', value: 11.3, unit: 'tasks', source },
        { name: 'p95_ms', value: 198.1, unit: 'ms', source },
      ],
      missing: [],
    })
  })

  it.each([
    ['first', { p95_ms: 182.3, irq_rate: 21000, load: 9.4 }],
    ['last', { p95_ms: 198.1, irq_rate: 26000, load: 11.3 }],
    ['median', { p95_ms: 182.3, irq_rate: 21000, load: 9.4 }],
    [2, { p95_ms: 171.8, irq_rate: 12000, load: 5.6 }],
  ] as const)('replays the %s row', async (row, expected) => {
    expect(await valuesOf({ file: SAMPLE, row })).toEqual(expected)
  })

  it('takes the mean of the middle two of an even number of rows, column by column', async () => {
    expect(await valuesOf({ file: 'recording.csv', row: 'median' }, baseWith('a,b\n1,9\n4,10\n2,-11\n100,-12\n'))).toEqual({ a: 3, b: -1 })
  })

  it('finds the file beside the config, and takes units from the options', async () => {
    const { metrics } = await collected({ file: 'recording.csv', units: { depth: 'count' } }, baseWith('depth,constructor\n3,4\n'))
    expect(metrics.map(({ name, unit }) => [name, unit])).toEqual([['constructor', 'none'], ['depth', 'count']])
  })

  it.each([
    [{ row: 3 }, 'load\n1\n2\n', 'data row 3', 'the file has 2 data rows', 'from 1 to 2'],
    [{ row: 'last' }, 'load\n', 'data row 1', 'the file has a header and no rows', 'at least one row'],
    [{ units: { lod: 'tasks' } }, 'load\n1\n', 'header, column lod', 'does not have', 'Use one of load'],
  ] as const)('refuses %j for %j', async (options, text, place, message, next) => {
    const base = baseWith(text)
    const error: unknown = await collected({ file: 'recording.csv', ...options }, base).catch((reason: unknown) => reason)
    if (!isSemantosError(error)) expect.fail('it was accepted')
    expect([error.code, error.place]).toEqual(['SEMANTOS_E_DATA_INVALID', `${join(base, 'recording.csv')}, ${place}`])
    expect(error.message).toContain(message)
    expect(error.next).toContain(next)
  })

  it.each([
    [{ file: '' }, 'file'],
    [{ file: 'a.csv', row: 0 }, 'row: Too small'],
    [{ file: 'a.csv', row: 1.5 }, "row: must be 'first', 'last', 'median' or the number of a data row"],
    [{ file: 'a.csv', rows: 1 }, 'rows'],
  ])('refuses the options %j', (options, problem) => {
    const prepared = csv(options).prepare()
    expect(prepared.success ? '' : prepared.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join()).toContain(problem)
  })

  it.each([
    ['p95_ms', 'ms'],
    ['tcpext.listen_overflows_per_s', 'per_s'],
    ['disk.read_bytes_per_s[vda]', 'bytes_per_s'],
    ['pressure.io_full_pct', 'percent'],
    ['memory.dirty_bytes', 'bytes'],
    ['load15', 'tasks'],
    ['sockets.tcp_time_wait', 'none'],
  ])('knows the unit of %s', (name, unit) => {
    expect(unitOfColumn(name)).toBe(unit)
  })
})
