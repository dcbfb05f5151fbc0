// How long retrieval takes among a million traces, and how many of the nearest it finds. Needs Node 24 (own SQLite, TypeScript):
//   npm run build && node plugins/knowledge-sqlite/bench/million.mjs [traces]
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Memory } from '../dist/index.js'
import { canberraDistance } from '@semantos/stats'
import { fleet } from '../testing/traces.js'

const COUNT = Number(process.argv[2] ?? 1_000_000)
const QUERIES = 300
const NEAREST = 5

const folder = mkdtempSync(join(tmpdir(), 'semantos-bench-'))
const file = join(folder, 'traces.sqlite')
try {
  const writer = await Memory.open(file)
  const began = performance.now()
  writer.add(fleet(COUNT, 1))
  const seconds = (performance.now() - began) / 1000
  writer.close()
  console.log(`Node ${process.version}, ${cpus()[0]?.model}, ${cpus().length} CPUs`)
  console.log(`${COUNT} traces added in ${seconds.toFixed(0)} s (${((seconds * 1e6) / COUNT).toFixed(0)} us each), ${(statSync(file).size / 1e6).toFixed(0)} MB`)

  const memory = await Memory.open(file)
  const queries = [...fleet(QUERIES, 2)]
  const times = []
  const found = []
  for (const now of queries) {
    const [from, used] = [performance.now(), process.cpuUsage()]
    found.push(await memory.nearest(now, NEAREST, ''))
    const { user, system } = process.cpuUsage(used)
    times.push({ wall: performance.now() - from, cpu: (user + system) / 1000 })
  }
  for (const clock of ['wall', 'cpu']) {
    const ms = times.map((time) => time[clock])
    const [first] = ms
    ms.sort((a, b) => a - b)
    const at = (share) => ms[Math.ceil(share * ms.length) - 1].toFixed(2)
    console.log(`retrieval of the ${NEAREST} nearest, ms of ${clock} time: first ${first.toFixed(2)}, median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}; ${QUERIES} queries, load average ${loadavg()[0].toFixed(1)}`)
  }

  const exact = exactly(memory, queries)
  const hits = exact.map((ids, query) => ids.filter((id) => found[query].some(({ trace }) => trace.id === id)).length)
  const all = hits.filter((count) => count === NEAREST).length
  console.log(`of the ${NEAREST} nearest by comparing all ${COUNT}: ${((100 * sum(hits)) / (QUERIES * NEAREST)).toFixed(1)}% found, all of them in ${((100 * all) / QUERIES).toFixed(0)}% of ${QUERIES} queries`)
  memory.close()
} finally {
  rmSync(folder, { recursive: true })
}

/** The ids of the nearest by metrics and machine (seven to three), from all traces. Words are left out: what one says depends on those it is compared with. */
function exactly(memory, queries) {
  const names = Object.keys(queries[0].metrics)
  const rows = Array.from(memory.all(), ({ id, metrics, host }) => ({ id, host, values: Float64Array.from(names, (name) => metrics[name]) }))
  return queries.map(({ metrics, host }) => {
    const now = names.map((name) => metrics[name])
    const best = []
    for (const row of rows) {
      const farthest = best.length < NEAREST ? Number.POSITIVE_INFINITY : best.at(-1).distance
      const byMetrics = 0.7 * apart(row.values, now)
      if (byMetrics >= farthest) continue
      const distance = byMetrics + 0.3 * canberraDistance(facts(row.host), facts(host))
      if (distance >= farthest) continue
      best.push({ id: row.id, distance })
      best.sort((a, b) => a.distance - b.distance).splice(NEAREST)
    }
    return best.map(({ id }) => id)
  })
}

/** Canberra's distance of two lists, written out: it is called 300 million times. */
function apart(a, b) {
  let sum = 0
  for (let index = 0; index < b.length; index++) sum += a[index] === b[index] ? 0 : Math.abs(a[index] - b[index]) / (Math.abs(a[index]) + Math.abs(b[index]))
  return sum / b.length
}

function facts(host) {
  return Object.fromEntries(Object.entries(host).map(([name, value]) => (typeof value === 'number' ? [name, value] : [`${name}: ${value}`, 1])))
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
