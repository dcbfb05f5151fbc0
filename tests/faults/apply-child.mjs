// A run that is killed while it applies: opens one, writes the values of each round in steps of four, again and again for writesMs,
// and never commits. Says "begin" before the first write and "end" after the last. Argument: an Applying of killed.ts, as JSON.
import { Catalogue, Knob } from '@semantos/core'
import { enterNetns, openHost, Run } from '@semantos/host'

const { root, stateDir, run: id, knobs, rounds, writesMs, guard, netns } = JSON.parse(process.argv[2])
const scope = netns === undefined ? {} : { scope: enterNetns(netns).scope }
const run = await Run.open({ root, stateDir, run: id, command: ['apply-child'], version: '0.0.0', guard, ...scope })
const catalogue = Catalogue.of(knobs.map((knob) => Knob.parse(knob)))
const host = openHost({ root, ...scope, writable: { run, catalogue: () => catalogue } })
process.stdout.write(`begin ${run.guard?.record.pid ?? 0}\n`)
const end = performance.now() + writesMs
do {
  for (const values of rounds) {
    const writes = Object.entries(values).map(([ref, value]) => ({ ref, value }))
    for (let first = 0; first < writes.length; first += 4) await host.write(writes.slice(first, first + 4), 'apply-child')
  }
} while (performance.now() < end)
process.stdout.write('end\n')
setInterval(() => {}, 1000)
