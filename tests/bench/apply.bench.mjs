// Planning and applying 150 knobs, beside the cost of the writes and fsyncs themselves; and what the guard process costs.
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { formatValue } from '@semantos/core'
import { openHost, Run } from '@semantos/host'
import { mount } from '@semantos/plugin-kit'
import catalogue from '../../plugins/knowledge-catalogue/dist/index.js'
import { line, summary } from './stats.mjs'

const ROUNDS = 9
const KNOBS = 150
const kit = await mount(catalogue())
const knobs = [...kit.catalogue].filter((knob) => knob.where.interface === 'sysctl' && knob.where.per === 'host' && knob.type.kind === 'integer' && typeof knob.default === 'number' && knob.resets.length === 0).slice(0, KNOBS)
if (knobs.length < KNOBS) throw new Error(`only ${knobs.length} knobs to write`)

/** Milliseconds of CPU that some work takes. */
async function cpu(work) {
  const from = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1000
}

function rootWith(base) {
  const root = join(base, 'root')
  for (const knob of knobs) {
    const file = join(root, 'proc/sys', knob.where.path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${formatValue(knob.default)}\n`)
  }
  mkdirSync(join(root, 'proc/sys/kernel/random'), { recursive: true })
  writeFileSync(join(root, 'proc/sys/kernel/random/boot_id'), '11111111-2222-3333-4444-555555555555\n')
  return root
}

const ours = []
const bare = []
let guard = null
for (let round = 0; round < ROUNDS; round++) {
  const base = mkdtempSync(join(tmpdir(), 'semantos-bench-'))
  const root = rootWith(base)
  const run = await Run.open({ root, stateDir: join(base, 'state'), run: 'bench', command: [], version: 'bench' })
  const host = openHost({ root, writable: { run, catalogue: () => kit.catalogue } })
  ours.push(await cpu(async () => {
    for (const knob of knobs) host.readKnob(knob)
    await host.write(knobs.map((knob) => ({ ref: knob.name, value: knob.type.safe.max === knob.default ? knob.type.safe.min : knob.type.safe.max })), 'bench')
  }))
  if (run.guard && round === ROUNDS - 1) guard = guardCost(run.guard.record.pid)
  run.commit()
  await host[Symbol.asyncDispose]()
  // Two journal records and one value a knob, each with the fsync that the order of undo demands.
  bare.push(await cpu(() => {
    const journal = openSync(join(base, 'bare'), 'a')
    for (const knob of knobs) {
      writeSync(journal, 'x'.repeat(300))
      fsyncSync(journal)
      writeFileSync(join(root, 'proc/sys', knob.where.path), '1\n')
      writeSync(journal, 'x'.repeat(200))
    }
    closeSync(journal)
  }))
  rmSync(base, { recursive: true })
}

function guardCost(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ').slice(11, 13).map(Number)
  return { mb: (Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024) / 1e6, cpu_ms: (user + system) * 10 }
}

console.log(line(`read and apply ${KNOBS} knobs: CPU`, summary(ours), 'ms'))
console.log(line(`${KNOBS} bare writes with their fsyncs: CPU`, summary(bare), 'ms'))
console.log(line('difference', summary(ours.map((value, index) => value - bare[index])), 'ms'))
console.log(`guard process`.padEnd(59) + `${guard.mb.toFixed(0)} MB, ${guard.cpu_ms} ms of CPU since its start`)
await kit.kernel.dispose()
