import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Machine, Variables, unresolved } from './tuned-variables.js'

const SOURCE = { file: 'f', line: 3 }
const MACHINE: Machine = { cpuinfo: null, uname: null, virtual: true, governors: null, energyPreferences: null }

function withVariables(defined: Record<string, string>, machine = MACHINE): Variables {
  const variables = new Variables(machine)
  for (const [name, text] of Object.entries(defined)) variables.define(name, text, SOURCE)
  return variables
}

describe('variables of tuned', () => {
  it('are put in with what they hold, and may hold others defined before', () => {
    expect(withVariables({ a: '2', b: '${a}-4', a_b: 'no' }).expand('x ${b} y ${b}', SOURCE)).toBe('x 2-4 y 2-4')
  })

  it('stay as they are written when they have no value, or are escaped', () => {
    const variables = withVariables({ a: '1' })
    expect(variables.expand('${nothing}', SOURCE)).toBe('${nothing}')
    expect(variables.expand('\\${a}', SOURCE)).toBe('${a}')
    expect(unresolved('${nothing}')).toBe('the variable nothing has no value')
    expect(unresolved('1,2')).toBeNull()
  })

  it('take the value they had when they were defined', () => {
    const variables = withVariables({ a: '1', b: '${a}' })
    variables.define('a', '2', SOURCE)
    expect(variables.expand('${a}${b}', SOURCE)).toBe('21')
  })

  it('refuse to fill the memory', () => {
    const doubling = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`v${index}`, index === 0 ? 'x'.repeat(64) : `\${v${index - 1}}\${v${index - 1}}`]))
    expect(() => withVariables(doubling)).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_DATA_INVALID', place: 'f:3' }))
  })
})

describe("functions of tuned", () => {
  it('virt_check chooses by whether the machine is virtual', () => {
    const call = '${f:virt_check:virtual-guest:throughput-performance}'
    expect(withVariables({}).expand(call, SOURCE)).toBe('virtual-guest')
    expect(withVariables({}, { ...MACHINE, virtual: false }).expand(call, SOURCE)).toBe('throughput-performance')
    expect(unresolved(withVariables({}, { ...MACHINE, virtual: null }).expand(call, SOURCE))).toMatch(/virt_check/)
  })

  it('are called from the inside out, with variables put in before', () => {
    expect(withVariables({ a: ' x' }).expand('[${f:strip:${f:strip:${a}: }:y }]', SOURCE)).toBe('[xy]')
  })

  it('take an escaped colon as a part of an argument, and an escaped call as text', () => {
    expect(withVariables({}).expand('${f:strip:a\\:b}', SOURCE)).toBe('a:b')
    expect(withVariables({}).expand('\\${f:strip:a}', SOURCE)).toBe('${f:strip:a}')
  })

  it('that run commands stay as they are written, and are named', () => {
    const text = withVariables({}).expand('${f:exec:mktemp:-d}', SOURCE)
    expect(text).toBe('${f:exec:mktemp:-d}')
    expect(unresolved(text)).toMatch(/function exec, which is not called here/)
  })

  it('never fail, whatever the text', () => {
    const piece = fc.constantFrom('${', '}', '${f:', 'strip', ':', '\\', 'virt_check', '${a}', 'x', '$', '{')
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      withVariables({ a: '${f:strip' }).expand(pieces.join(''), SOURCE)
    }))
  })
})
