/**
 * The knobs a searcher may turn: those named, or of the subsystems named, that this machine has, lets be written and the catalogue lets a tuner
 * try. A place in 0..1 stands for a value: on the knob's own scale, linear or logarithmic, or one of a few words.
 */
export function spaceOf(catalogue, current, { subsystems = [], devices = [], knobs = [] }) {
  const writable = [...current.values()].filter(({ status, writable }) => status === 'present' && writable)
  const named = writable.map((reading) => ({ reading, knob: catalogue.get(reading.knob) }))
  const inScope = named.filter(({ reading, knob }) => (subsystems.includes(knob.subsystem) || knobs.includes(knob.name)) && knob.risk !== 'high' && knob.takes_effect !== 'next boot' && isMeant(reading.knob, devices))
  const inBytes = new Set(inScope.filter(({ knob }) => knob.type.unit === 'bytes').flatMap(({ knob }) => knob.resets))
  // What a scheduler brings along is gone with it: a trial that draws another one could not write it.
  const alongWithAnother = new Set(inScope.flatMap(({ knob }) => knob.also_changes))
  // Of two knobs that reset each other, the one in bytes.
  return inScope.filter(({ knob }) => !inBytes.has(knob.name) && !alongWithAnother.has(knob.name)).flatMap(({ reading, knob }) => dimensionOf(reading, knob.type) ?? [])
}

function isMeant(ref, devices) {
  const device = /\[(.+)\]$/.exec(ref)?.[1]
  return device === undefined || devices.includes(device)
}

/** `places`: null for a number, else the middle of each value's share. */
function dimensionOf({ knob: ref, text }, type) {
  if (type.kind === 'integer' && type.search) return { ref, places: null, at: (place) => numberAt(type.search, place) }
  const values = type.kind === 'boolean' ? [0, 1] : type.kind === 'enum' && type.brackets ? wordsOffered(text, type.values) : []
  if (values.length < 2) return null
  return { ref, places: values.map((_, index) => (index + 0.5) / values.length), at: (place) => values[Math.min(values.length - 1, Math.floor(place * values.length))] }
}

function numberAt({ min, max, step, scale }, place) {
  if (scale === 'linear') return min + Math.round((place * (max - min)) / step) * step
  const from = Math.max(min, 1)
  return Math.round(from * (max / from) ** place)
}

function wordsOffered(text, known) {
  const offered = text.replace(/[[\]]/g, ' ').split(/\s+/)
  return known.map(({ value }) => value).filter((value) => offered.includes(value))
}
