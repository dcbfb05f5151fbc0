import { expect, it } from 'vitest'
import { fingerprint } from './fingerprint.js'

it.each([['', '811c9dc5'], ['a', 'e40c292c'], ['foobar', 'bf9cf968']])('of %j is that of the published vectors', (text, hash) => {
  expect(fingerprint(text)).toBe(hash)
})
