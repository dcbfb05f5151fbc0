import { expect, test } from 'vitest'
import { frozen } from './frozen.js'

test('no part of it can be changed, however deep', () => {
  const plan = frozen({ recommendations: [{ knob: 'vm.a', rules: ['r'] }], advice: [], none: null })
  expect(() => void plan.recommendations.push({ knob: 'vm.b', rules: [] })).toThrow(TypeError)
  expect(() => void plan.recommendations[0]?.rules.push('s')).toThrow(TypeError)
  expect(() => void Object.assign(plan, { advice: null })).toThrow(TypeError)
  expect(plan).toEqual({ recommendations: [{ knob: 'vm.a', rules: ['r'] }], advice: [], none: null })
})
