// Writes every knob of the catalogue that this host has, one by one, without a commit, and closes the run: everything must be
// as it was. Low risks get another value, the others their own once more. Prints what happened as JSON. Argument: JSON with stateDir.
import catalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import { openHost, Run } from '@semantos/host'

const { stateDir } = JSON.parse(process.argv[2])
const kit = await mount(catalogue())
const knobs = [...kit.catalogue]
const reader = openHost({ root: '/' })
const look = () => knobs.flatMap((knob) => reader.readKnob(knob).map((reading) => ({ knob, reading })))
const writable = look().filter(({ reading }) => reading.status === 'present' && reading.writable)

const run = await Run.open({ root: '/', stateDir, run: 'every-knob', command: ['every-knob'], version: '0.0.0' })
const host = openHost({ root: '/', writable: { run, catalogue: () => kit.catalogue } })
const [changed, same, refused] = [[], [], []]
for (const { knob, reading } of writable) {
  const value = knob.risk === 'low' ? another(knob, reading.value) : reading.value
  try {
    const [applied] = await host.write([{ ref: reading.knob, value }], 'every-knob')
    ;(JSON.stringify(applied.stored) === JSON.stringify(applied.before) ? same : changed).push(reading.knob)
  } catch (error) {
    refused.push(`${reading.knob}: ${error.message}`)
  }
}
let closing = null
await host[Symbol.asyncDispose]().catch((error) => (closing = error.message))
const after = new Map(look().map(({ reading }) => [reading.knob, reading.text]))
const different = writable.filter(({ reading }) => after.get(reading.knob) !== reading.text).map(({ reading }) => `${reading.knob}: ${reading.text} -> ${after.get(reading.knob)}`)
process.stdout.write(JSON.stringify({ present: writable.length, changed, same, refused, closing, different }))

/** A value next to this one that the guardrails would accept, or the same where there is none. */
function another(knob, value) {
  if (knob.type.kind === 'boolean') return value === 0 ? 1 : 0
  if (knob.type.kind !== 'integer' || typeof value !== 'number') return value
  const step = knob.type.search?.step ?? 1
  const fits = (n) => Number.isSafeInteger(n) && n >= knob.type.safe.min && n <= knob.type.safe.max
  return fits(value + step) ? value + step : fits(value - step) ? value - step : value
}
