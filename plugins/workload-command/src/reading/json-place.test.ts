import { expect, it } from 'vitest'
import { placeInJson } from './json-place.js'

const TEXT = '{\n "a" : [1, {"deep, \\"er]": null, "b": 22}],\n "list": [[], {}, "x"],\n "c:": true\n}'

it.each<[readonly PropertyKey[], string]>([
  [[], '{\n "a"'],
  [['a'], '[1'],
  [['a', 0], '1,'],
  [['a', 1, 'b'], '22'],
  [['a', 1, 'deep, "er]'], 'null'],
  [['list', 2], '"x"'],
  [['list', 1, 'absent'], '{}'],
  [['c:'], 'true'],
  [['a', 1, 'absent', 'too'], '{"deep'],
  [['a', 0, 'no object'], '1,'],
])('%j', (path, begins) => {
  expect(TEXT.slice(placeInJson(TEXT, path))).toMatch(new RegExp(`^${begins.replace(/[{}[\]\\^$.|?*+()]/g, '\\$&')}`))
})
