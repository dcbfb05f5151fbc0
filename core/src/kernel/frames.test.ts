import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { frameIn, framesOf, stackOf } from './frames.js'

/** An error with this stack. */
function thrown(...frames: string[]): Error {
  return Object.assign(new Error('no'), { stack: ['Error: no', ...frames.map((frame) => `    at ${frame}`)].join('\n') })
}

const OWN = join(import.meta.dirname, 'frames.ts')
const LIBRARY = 'parse (file:///p/node_modules/yaml/index.js:1:2)'
const PACKAGE = 'async read (file:///p/node_modules/@acme/x/dist/index.js:3:4)'
const CONFIG = '/p/semantos.config.ts:5:6'

describe('frames', () => {
  test('are files with line and column, without those of Node and of this package', () => {
    expect(framesOf(thrown(`call (${pathToFileURL(OWN).href}:7:8)`, 'Object.readFileSync (node:fs:448:20)', LIBRARY, PACKAGE, CONFIG))).toEqual([
      '/p/node_modules/yaml/index.js:1:2', '/p/node_modules/@acme/x/dist/index.js:3:4', CONFIG,
    ])
  })

  test.each([
    ["an installed plugin's own, not that of its library", [LIBRARY, PACKAGE, CONFIG], '/p/node_modules/@acme/x/dist/index.js:3:4'],
    ["that of a plugin beside the config", [LIBRARY, CONFIG], CONFIG],
    ["the library's, where there is no other", [LIBRARY], '/p/node_modules/yaml/index.js:1:2'],
    ['none', ['new Promise (<anonymous>)'], null],
  ])('the one to show is %s', (_, frames, shown) => {
    expect(frameIn(thrown(...frames), '@acme/x#second')).toBe(shown)
  })

  test.each([null, 'text', { stack: 'no error' }, Object.assign(new Error('x'), { stack: 7 }), Object.defineProperty(new Error('x'), 'stack', { get: () => { throw new Error('gotcha') } })])('of what has none: %#', (error) => {
    expect(stackOf(error)).toBe('')
    expect(frameIn(error, 'p')).toBe(null)
  })
})
