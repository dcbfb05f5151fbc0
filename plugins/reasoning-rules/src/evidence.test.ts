import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RULES } from './rules/index.js'
import { CASES } from '../testing/cases/index.js'
import { GIB, HOST, MIB, type Scenario, reasoner, valuesFor } from '../testing/situation.js'

const EVIDENCE = { sets: ['evidence' as const] }

/** Rules that need words which only a kernel's own files offer: they have tests of their own below. */
const BY_WORD = ['tcp.retransmits/bbr', 'cpu.slow-clock/performance']

/** A host with one file. */
function rootWith(path: string, text: string): string {
  const root = mkdtempSync(join(tmpdir(), 'semantos-rules-'))
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), `${text}\n`)
  return root
}

describe('the rules of the evidence', () => {
  for (const { name, seen, tries } of CASES) {
    it(`know ${name}`, async () => {
      expect(Object.entries(await valuesFor(EVIDENCE, seen))).toEqual(Object.entries(tries))
    })
  }

  it('are each known by a case', async () => {
    await using rules = await reasoner(EVIDENCE)
    const spoken = new Set(BY_WORD)
    for (const { seen } of CASES) for (const { rules: ids = [] } of (await rules.reason(seen)).recommendations) ids.forEach((id) => spoken.add(id))
    expect(RULES.filter(({ set, id }) => set === 'evidence' && !spoken.has(id)).map(({ id }) => id)).toEqual([])
  })

  it('make plans that the guardrails accept', async () => {
    await using rules = await reasoner(EVIDENCE)
    const objections: Record<string, string[]> = {}
    for (const { name, seen } of CASES) {
      const found = await rules.objections(seen)
      if (found.length > 0) objections[name] = found
    }
    expect(objections).toEqual({})
  })

  it('see nothing on a host that is well', async () => {
    await using rules = await reasoner(EVIDENCE)
    const metrics = { 'tcpext.listen_overflows_per_s': 0, 'tcpext.listen_drops_per_s': 0, 'pressure.cpu_some_pct': 2, 'pressure.io_some_pct': 1, 'memory.dirty_bytes': MIB, load: 0.2, 'cpu.idle_pct': 95, 'sockets.tcp_time_wait': 20, 'conntrack.used_pct': 1 }
    const { recommendations, advice } = await rules.reason({ metrics })
    expect(recommendations).toEqual([])
    expect(advice.map(({ symptom }) => symptom)).toEqual(['Some rules could not be asked'])
  })

  it('offer a word only where the kernel does', async () => {
    const lossy = { 'tcp.retrans_segs_per_s': 50, 'tcp.out_segs_per_s': 1000, 'tcpext.listen_overflows_per_s': 0 }
    const path = 'proc/sys/net/ipv4/tcp_available_congestion_control'
    const current = { 'net.ipv4.tcp_congestion_control': 'cubic' }
    expect(await valuesFor(EVIDENCE, { metrics: lossy, current, root: rootWith(path, 'reno cubic bbr') })).toEqual({ 'net.ipv4.tcp_congestion_control': 'bbr' })
    expect(await valuesFor(EVIDENCE, { metrics: lossy, current, root: rootWith(path, 'reno cubic') })).toEqual({})
    expect(await valuesFor(EVIDENCE, { metrics: lossy, current })).toEqual({})
  })

  it('ask each device what it offers', async () => {
    const current = { 'cpufreq.governor[policy0]': 'powersave', 'cpufreq.governor[policy1]': 'schedutil' }
    const root = rootWith('sys/devices/system/cpu/cpufreq/policy1/scaling_available_governors', 'performance schedutil')
    expect(await valuesFor(EVIDENCE, { metrics: { 'cpu.idle_pct': 10 }, current, root })).toEqual({ 'cpufreq.governor[policy1]': 'performance' })
  })

  it('read from the brackets what a disk offers', async () => {
    const seen = { metrics: { 'disk.read_await_ms[vda]': 80, 'disk.write_bytes_per_s[vda]': 400e6, 'pressure.io_some_pct': 50, 'memory.dirty_bytes': 0 }, current: { 'block.scheduler[vda]': 'none' } }
    expect(await valuesFor(EVIDENCE, seen)).toEqual({ 'block.scheduler[vda]': 'mq-deadline' })
  })

  it('keep what may be used in memory to a part of it', async () => {
    const small: Scenario = { metrics: { 'conntrack.used_pct': 95 }, current: { 'net.netfilter.nf_conntrack_max': 262_144 }, host: { ...HOST, memory_bytes: GIB } }
    expect(await valuesFor(EVIDENCE, small)).toMatchObject({ 'net.netfilter.nf_conntrack_max': Math.floor((0.25 * GIB) / 320) })
  })
})
