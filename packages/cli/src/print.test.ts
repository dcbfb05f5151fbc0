import { expect, test } from 'vitest'
import { harmless } from './print.js'

test.each([
  ['a title of the window', '\x1b]0;owned\x07', '\\u001b]0;owned\\u0007'],
  ['a cleared screen', 'a\x1b[2Jb', 'a\\u001b[2Jb'],
  ['a line that is written over', 'refused\rapplied', 'refused\\u000dapplied'],
  ['letters taken back', 'rm -rf /\b\b', 'rm -rf /\\u0008\\u0008'],
  ['a control sequence in one byte', '\x9b2J', '\\u009b2J'],
  ['text that runs backwards', 'vm.\u202eswap', 'vm.\\u202eswap'],
  ['what nobody sees', 'a\u200bb\u{e0041}', 'a\\u200bb\\udb40\\udc41'],
])('%s is shown, not obeyed', (_, text, shown) => {
  expect(harmless(text)).toBe(shown)
})

test('lines, columns, colours and letters of every script pass', () => {
  const text = '\x1b[1mknob\x1b[22m\tnow\nvm.swappiness  60 µs, 调度 \u{1f600}\n'
  expect(harmless(text)).toBe(text)
})

test('a JSON document stays what it was', () => {
  const document = { text: 'a\x9b\u202e\u{e0041}\x1b[2J' }
  expect(JSON.parse(harmless(JSON.stringify(document)))).toEqual(document)
})
