// How long retrieval takes among a million traces, and how many of the nearest it finds. Needs Node 24 (own SQLite, TypeScript):
//   npm run build && node plugins/knowledge-sqlite/bench/million.mjs [traces]
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Memory } from '../dist/index.js'
import { canberraDistance } from '../../../core/dist/index.js'
import { fleet } from '../testing/traces.ts'

const COUNT = Number(process.argv[2] ?? 1_000_000)
const QUERIES = 300
const CHECKED = 10
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
  const times = queries.map((now) => {
    const [from, used] = [performance.now(), process.cpuUsage()]
    memory.nearest(now, NEAREST, '')
    const { user, system } = process.cpuUsage(used)
    return { wall: performance.now() - from, cpu: (user + system) / 1000 }
  })
  for (const clock of ['wall', 'cpu']) {
    const ms = times.map((time) => time[clock])
    const [first] = ms
    ms.sort((a, b) => a - b)
    const at = (share) => ms[Math.ceil(share * ms.length) - 1].toFixed(2)
    console.log(`retrieval of the ${NEAREST} nearest, ms of ${clock} time: first ${first.toFixed(2)}, median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}; ${QUERIES} queries, load average ${loadavg()[0].toFixed(1)}`)
  }

  const checked = queries.slice(0, CHECKED)
  const exact = checked.map(() => [])
  for (const trace of memory.all()) {
    for (const [index, now] of checked.entries()) {
      const best = exact[index]
      const distance = 0.7 * canberraDistance(trace.metrics, now.metrics)
      if (best.length === NEAREST && distance > best[NEAREST - 1].distance) continue
      best.push({ id: trace.id, distance: distance + 0.3 * canberraDistance(facts(trace.host), facts(now.host)) })
      best.sort((a, b) => a.distance - b.distance)
      best.length = Math.min(best.length, NEAREST)
    }
  }
  let [found, worse] = [0, 0]
  for (const [index, now] of checked.entries()) {
    const near = memory.nearest(now, NEAREST, '')
    found += exact[index].filter(({ id }) => near.some(({ trace }) => trace.id === id)).length
    worse += near[NEAREST - 1].distance / exact[index][NEAREST - 1].distance - 1
  }
  console.log(`of the ${NEAREST} nearest by comparing all ${COUNT}: ${((100 * found) / (CHECKED * NEAREST)).toFixed(0)}% found; the last one offered is ${((100 * worse) / CHECKED).toFixed(1)}% farther away; ${CHECKED} queries`)
  memory.close()
} finally {
  rmSync(folder, { recursive: true })
}

function facts(host) {
  return Object.fromEntries(Object.entries(host).map(([name, value]) => (typeof value === 'number' ? [name, value] : [`${name}: ${value}`, 1])))
}
