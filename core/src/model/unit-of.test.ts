import { expect, test } from 'vitest'
import { unitOf } from './unit-of.js'

test.each([
  ['disk.read_await_ms[vda]', 'ms'],
  ['disk.read_bytes_per_s[vda]', 'bytes_per_s'],
  ['tcpext.listen_overflows_per_s', 'per_s'],
  ['load', null],
])('%s is in %s', (name, unit) => {
  expect(unitOf(name)).toBe(unit)
})
