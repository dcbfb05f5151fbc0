import { describe, expect, onTestFinished, test } from 'vitest'
import { history, rollback, status } from '@semantos/host'
import { knobOf } from './fake-root.js'
import { TestNamespace, mayTouchKernel } from './kernel.js'
import { killWhileApplying } from './killed.js'
import { killRuns, report } from './kills.js'
import { stateDir } from './writing.js'

const KILLS = Number(process.env['SEMANTOS_KERNEL_KILLS'] ?? 200)

const wide = { min: 0, max: 1e9 }
const vector = { kind: 'vector' as const, unit: 'bytes' as const, ascending: true, fields: ['min', 'default', 'max'].map((name) => ({ name, range: wide, safe: wide })) }
const words = { kind: 'enum' as const, values: [{ value: 'cubic', meaning: 'the default' }], brackets: false, open: true }
const netns = { where: { netns: 'namespaced' as const } }

const knobs = [
  ...['tcp_fin_timeout', 'tcp_keepalive_time', 'tcp_keepalive_intvl', 'tcp_keepalive_probes', 'tcp_max_syn_backlog', 'tcp_retries2', 'tcp_syn_retries', 'tcp_orphan_retries',
    'tcp_slow_start_after_idle', 'tcp_notsent_lowat', 'tcp_timestamps', 'tcp_sack', 'tcp_mtu_probing', 'tcp_reordering', 'ip_default_ttl'].map((name) => knobOf(`net.ipv4.${name}`, netns)),
  knobOf('net.core.somaxconn', netns),
  knobOf('net.ipv4.tcp_rmem', { ...netns, type: vector }),
  knobOf('net.ipv4.tcp_wmem', { ...netns, type: vector }),
  knobOf('net.ipv4.tcp_congestion_control', { ...netns, type: words }),
]
const rounds = [0, 1].map((round) => ({
  'net.ipv4.tcp_fin_timeout': 31 + round, 'net.ipv4.tcp_keepalive_time': 601 + round, 'net.ipv4.tcp_keepalive_intvl': 31 + round, 'net.ipv4.tcp_keepalive_probes': 5 + round,
  'net.ipv4.tcp_max_syn_backlog': 4096 + round, 'net.ipv4.tcp_retries2': 8 + round, 'net.ipv4.tcp_syn_retries': 3 + round, 'net.ipv4.tcp_orphan_retries': 2 + round,
  'net.ipv4.tcp_slow_start_after_idle': round, 'net.ipv4.tcp_notsent_lowat': 16384 + round, 'net.ipv4.tcp_timestamps': round, 'net.ipv4.tcp_sack': round,
  'net.ipv4.tcp_mtu_probing': 1 + round, 'net.ipv4.tcp_reordering': 5 + round, 'net.ipv4.ip_default_ttl': 100 + round, 'net.core.somaxconn': 1000 + round,
  'net.ipv4.tcp_rmem': [4096, 65536, 1048576 + round * 4096], 'net.ipv4.tcp_wmem': [4096, 32768, 1048576 + round * 4096], 'net.ipv4.tcp_congestion_control': 'reno',
}))
const paths = knobs.map(({ where }) => `/proc/sys/${where.path}`)

describe.skipIf(!mayTouchKernel)('the real kernel, in a network namespace of its own (needs root)', () => {
  test(`${KILLS} runs killed at random moments: every value is restored, byte for byte`, async () => {
    const namespaces: TestNamespace[] = []
    onTestFinished(async () => void (await Promise.all(namespaces.map((namespace) => namespace[Symbol.asyncDispose]()))))
    const tally = await killRuns(KILLS, async () => {
      const namespace = await TestNamespace.create()
      namespaces.push(namespace)
      return {
        // From outside the namespace: the rollback enters it by itself.
        applying: (index) => ({ root: '/', stateDir: stateDir(), run: `kill-${index}`, knobs, rounds, guard: true, netns: namespace.spec }),
        look: () => namespace.read(paths),
        prefix: namespace.prefix,
      }
    })
    report('real kernel', KILLS, tally)
  }, 900_000)

  test('a namespace that is gone takes its values with it, and the rollback says so', async () => {
    const place = { stateDir: stateDir() }
    {
      await using namespace = await TestNamespace.create()
      const applying = { root: '/', ...place, run: 'gone', knobs, rounds, writesMs: 0, guard: false, netns: namespace.spec }
      const { written } = await killWhileApplying(applying, { after: 'the last write', guardDies: 'no', guardAfterMs: 0 }, namespace.prefix)
      expect(written).toBeGreaterThan(0)
      expect(status(place).runs[0]).toMatchObject({ phase: 'interrupted', scope: { kind: 'netns', name: namespace.spec } })
      expect(new Set(status(place).runs[0]?.rows.map(({ standing }) => standing))).not.toContain('elsewhere')
    }
    expect(new Set(status(place).runs[0]?.rows.map(({ standing }) => standing))).toEqual(new Set(['gone']))
    const report = await rollback(place)
    expect(report.complete).toBe(true)
    expect(new Set(report.rows.map(({ outcome, detail }) => `${outcome}: ${detail}`))).toEqual(new Set(['discarded: its network namespace is gone, and the value with it']))
    expect(history(place)).toMatchObject([{ phase: 'rolled back' }])
  })
})
