import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HostFacts, MetricName } from '@semantos/core'
import { openHost } from '@semantos/host'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { collectors } from './collectors/index.js'
import { openFacts } from './facts.js'
import { type Rates, Results, addRates } from './rates.js'
import { openSampler } from './sampler.js'
import type { Table } from './table.js'
import { edited, fixture } from './testing.js'

const bytes = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 400 })
const KNOWN = ['cpu', 'cpu0', 'some', 'full', 'total=', 'TcpExt:', 'sda', 'eth0:', '-1', '1e9', '0x1', ':', '99999999999999999999', '18446744073709551615', 'NaN']
const token = fc.oneof(fc.constantFrom(...KNOWN), fc.nat().map(String), bytes)
const line = fc.array(token, { maxLength: 24 }).map((tokens) => tokens.join(' '))
const words = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'))

/** A recorded file, cut, or with a stretch of it overwritten. */
function damaged(text: string) {
  return fc
    .tuple(fc.nat(text.length), fc.nat(60), bytes, fc.boolean())
    .map(([at, length, junk, cut]) => (cut ? text.slice(0, at) : text.slice(0, at) + junk + text.slice(at + length)))
}

function textsFor(file: string) {
  try {
    return fc.oneof(bytes, words, damaged(readFileSync(join(fixture('vm-6.18'), 'proc', file), 'latin1')))
  } catch {
    return fc.oneof(bytes, words)
  }
}

function expectSound({ metrics, missing }: Rates) {
  const names = [...metrics, ...missing].map((metric) => metric.name)
  expect(new Set(names).size).toBe(names.length)
  for (const { name, value } of metrics) {
    expect(Number.isFinite(value) && !Object.is(value, -0), `${name} = ${value}`).toBe(true)
    expect(MetricName.safeParse(name).success, name).toBe(true)
  }
  for (const { name, reason } of missing) expect([name.length > 0 && name.length <= 192, reason.length > 0]).toEqual([true, true])
}

const named = collectors.map((collector) => [collector.file, collector] as const)

it.each(named)('%s: any text is a table, and any two tables give sound metrics', async (file, collector) => {
  await using host = openHost({ root: fixture('numa-2') })
  const parse = collector.open({ host, procfs: '/proc', sysfs: '/sys' })
  const rates = (before: Table, after: Table) => {
    const results = new Results()
    addRates(collector, `/proc/${file}`, before, after, 1, results)
    return results.finish()
  }
  fc.assert(
    fc.property(textsFor(file), textsFor(file), (first, second) => {
      const [before, after] = [parse(first), parse(second)]
      expectSound(rates(before, after))
      expectSound(rates(after, after))
    }),
    { numRuns: 60 },
  )
})

it('any bytes in any file leave the sampler and the facts standing', async () => {
  const files = [
    ...collectors.map((collector) => `proc/${collector.file}`),
    'proc/cpuinfo', 'proc/1/cgroup', 'proc/sys/kernel/hostname', 'proc/sys/kernel/osrelease', 'proc/sys/kernel/random/boot_id',
    'sys/devices/system/cpu/online', 'sys/class/dmi/id/sys_vendor',
  ]
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), bytes, async (file, text) => {
      await using host = openHost({ root: edited('container', { [file]: text }) })
      const sampler = openSampler(host)
      const before = sampler.sample()
      expectSound(sampler.rates(before, { ...sampler.sample(), atMs: before.atMs + 1000 }))
      expect(HostFacts.safeParse(openFacts(host, { procfs: '/proc', sysfs: '/sys' })()).error).toBeUndefined()
    }),
    { numRuns: 40 },
  )
})
