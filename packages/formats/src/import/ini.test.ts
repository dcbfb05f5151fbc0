import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSemantosError } from '@semantos/core'
import { parseIni } from './ini.js'

/** Sections as plain objects of key to value. */
function read(text: string, section: string | null = null): Record<string, Record<string, string>> {
  return Object.fromEntries([...parseIni(text, 'f', section)].map(([name, options]) => [name, Object.fromEntries([...options].map(([key, { value }]) => [key, value]))]))
}

describe('parseIni', () => {
  it('reads sections, trims keys and values, and keeps the case of keys', () => {
    expect(read('[main]\nsummary = A b\nCaseD=1\n\n[sysctl]\nvm.swappiness=10\n')).toEqual({ main: { summary: 'A b', CaseD: '1' }, sysctl: { 'vm.swappiness': '10' } })
  })

  it('parts at the first = only, so that a value may hold more', () => {
    expect(read('[bootloader]\ncmdline=+net.ifnames=0 a:b=1')).toEqual({ bootloader: { cmdline: '+net.ifnames=0 a:b=1' } })
  })

  it('drops comments: a line of # or ;, and # behind white space, but not inside a word', () => {
    expect(read('# one\n[s] # two\n; three\na=1 # four\nb=x#y\nc=1 ; five\n')).toEqual({ s: { a: '1', b: 'x#y', c: '1 ; five' } })
  })

  it('takes lines that stand further in as a part of the value', () => {
    expect(read('[s]\na=one\n  two # comment\n\n  three\nb=4\n')).toEqual({ s: { a: 'one\ntwo\n\nthree', b: '4' } })
  })

  it('joins sections of one name, and lets the later value stand', () => {
    expect(read('[s]\na=1\nb=1\n[t]\n[s]\na=2\n')).toEqual({ s: { a: '2', b: '1' }, t: {} })
  })

  it('says where each option stands', () => {
    expect(parseIni('\n[s]\r\n\r\na=1\r\nb=2\n', 'p/tuned.conf').get('s')?.get('b')?.source).toEqual({ file: 'p/tuned.conf', line: 5 })
  })

  it('names the section of a file that has none', () => {
    expect(read('a=1\n', 'variables')).toEqual({ variables: { a: '1' } })
  })

  it('holds names that are special to JavaScript', () => {
    expect(parseIni('[__proto__]\nconstructor=1', 'f').get('__proto__')?.get('constructor')?.value).toBe('1')
  })

  it.each([
    ['a=1\n[s]', 'f:1'],
    ['[s]\na=1\nnonsense\n', 'f:3'],
    ['[s]\n=1\n', 'f:2'],
  ])('refuses %j with the file and the line', (text, place) => {
    expect(() => parseIni(text, 'f')).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_DATA_INVALID', place }))
  })

  it.skipIf(spawnSync('python3', ['--version']).status !== 0)("agrees with Python's configparser, which tuned uses (needs python3)", () => {
    const word = fc.constantFrom('a', 'b.c', '[s]', '[t]', '[s', '[]', '=', ' = ', '#', ' # ', ';', ' ', '  ', '\t', '"x y"', '>10', '${v}', '%', ':')
    const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(''))
    const texts = fc.sample(fc.array(line, { maxLength: 10 }).map((lines) => `[main]\n${lines.join('\n')}\n`), { numRuns: 400, seed: 7 })
    const python = spawnSync('python3', ['-c', CONFIGPARSER], { input: JSON.stringify(texts), encoding: 'utf8' })
    const mine = texts.map((text) => {
      try {
        return read(text)
      } catch {
        return null
      }
    })
    expect(mine).toEqual(JSON.parse(python.stdout))
    expect(mine.filter((sections) => sections !== null).length).toBeGreaterThan(50)
  })

  it('reads any text, or refuses it with its place', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('[a]', '[', 'k=v', ' k = v # c', '  more', '', '=', '[]', ';x', 'k', '\u2028'))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        try {
          for (const [, options] of parseIni(lines.join('\n'), 'f')) for (const { source } of options.values()) expect(source.line).toBeGreaterThan(0)
        } catch (error) {
          if (!isSemantosError(error)) throw error
          expect(`${error.code} ${error.place}`).toMatch(/^SEMANTOS_E_DATA_INVALID f:\d+$/)
        }
      }),
    )
  })
})

const CONFIGPARSER = `
import configparser, json, sys
def parse(text):
    config = configparser.ConfigParser(delimiters=('='), inline_comment_prefixes=('#'), strict=False)
    config.optionxform = str
    try:
        config.read_string(text)
    except configparser.Error:
        return None
    return {name: {key: config.get(name, key, raw=True) for key in config.options(name)} for name in config.sections()}
print(json.dumps([parse(text) for text in json.load(sys.stdin)]))
`
