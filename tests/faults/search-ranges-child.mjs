// Writes both ends and the middle of every search ladder, and both positions of every switch that is tried by itself, each restored
// before the next knob. Prints what the kernel stored instead, or said, as JSON. Argument: JSON with stateDir and namespaced: those
// knobs that a network namespace has of its own, or all others.
import catalogue from '@semantos/knowledge-catalogue'
import { mount } from '@semantos/plugin-kit'
import { openHost, Run } from '@semantos/host'

const { stateDir, namespaced } = JSON.parse(process.argv[2])
const MOST_DEVICES = 4
const kit = await mount(catalogue())
const reader = openHost({ root: '/' })
const isNamespaced = ({ where }) => where.netns === 'namespaced' && where.interface === 'sysctl'
const harmless = [...kit.catalogue].filter((knob) => knob.risk !== 'high' && isNamespaced(knob) === namespaced && valuesOf(knob).length > 0)
const look = () => harmless.flatMap((knob) => reader.readKnob(knob).slice(0, MOST_DEVICES).map((reading) => ({ knob, reading })))
const writable = look().filter(({ reading }) => reading.status === 'present' && reading.writable)

const run = await Run.open({ root: '/', stateDir, run: 'search-ranges', command: ['search-ranges'], version: '0.0.0' })
const host = openHost({ root: '/', writable: { run, catalogue: () => kit.catalogue } })
const wrong = []
for (const { knob, reading } of writable) {
  for (const value of valuesOf(knob)) {
    try {
      const [{ stored }] = await host.write([{ ref: reading.knob, value }], 'search-ranges')
      if (stored !== value) wrong.push({ knob: knob.name, what: `${reading.knob} = ${value} is stored as ${stored}` })
    } catch (error) {
      wrong.push({ knob: knob.name, what: error.message })
    }
  }
  await host.restore([reading.knob], 'search-ranges')
}
await host[Symbol.asyncDispose]()
const after = new Map(look().map(({ reading }) => [reading.knob, reading.text]))
const different = writable.filter(({ reading }) => after.get(reading.knob) !== reading.text).map(({ reading }) => `${reading.knob}: ${reading.text} -> ${after.get(reading.knob)}`)
process.stdout.write(JSON.stringify({ tried: writable.length, wrong, different }))

function valuesOf({ type, automatic }) {
  if (type.kind === 'boolean') return automatic ? [0, 1] : []
  if (type.kind !== 'integer' || type.search === null) return []
  const { min, max, step, scale } = type.search
  const middle = scale === 'linear' ? min + Math.floor((max - min) / step / 2) * step : min * 2 ** Math.floor(Math.log2(max / min) / 2)
  return [min, middle, max]
}
