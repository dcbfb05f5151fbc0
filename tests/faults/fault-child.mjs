// Applies one step under whatever faults its environment brings, closes the run and says what came of it, as one JSON line.
// Argument: JSON with root, stateDir, knobs, values, guard, writeLimitMs.
import { Catalogue, Knob } from '@semantos/core'
import { openHost, Run } from '@semantos/host'

const { root, stateDir, knobs, values, guard, writeLimitMs } = JSON.parse(process.argv[2])
const said = { error: null, applied: null, closing: null, stuck: [] }
const saying = (error) => ({ code: error.code ?? null, message: error.message })
try {
  const run = await Run.open({ root, stateDir, run: 'fault', command: ['fault-child'], version: '0.0.0', guard, writeLimitMs })
  const catalogue = Catalogue.of(knobs.map((knob) => Knob.parse(knob)))
  const host = openHost({ root, writable: { run, catalogue: () => catalogue } })
  try {
    said.applied = await host.write(Object.entries(values).map(([ref, value]) => ({ ref, value })), 'fault-child')
    run.commit()
  } catch (error) {
    said.error = saying(error)
  }
  said.stuck = run.stuck
  await run.close().catch((error) => (said.closing = saying(error)))
} catch (error) {
  said.error = saying(error)
}
process.stdout.write(`${JSON.stringify(said)}\n`, () => {
  // A write that hangs keeps a process from ending by itself.
  if (said.stuck.length > 0) process.kill(process.pid, 'SIGKILL')
})
