import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Finder, Scan } from './scan.js'

describe('Scan', () => {
  it('reads the words of a line and stays in it', () => {
    const scan = new Scan('  sda\t12 34\n56\n')
    expect([scan.word(), scan.number(), scan.number(), scan.number(), scan.lineDone]).toEqual(['sda', 12, 34, Number.NaN, true])
    scan.nextLine()
    expect([scan.number(), scan.lineDone]).toEqual([56, true])
    scan.nextLine()
    expect(scan.done).toBe(true)
  })

  it.each(['12x ', '-1 ', '1.5 ', 'x ', '', ' ', '99999999999999999999999 ', '12'])('takes no number from %j', (text) => {
    expect(new Scan(text).number()).toBeNaN()
  })

  it('goes on behind a word that is no number', () => {
    const scan = new Scan('-1 7 ')
    expect([scan.number(), scan.number()]).toEqual([Number.NaN, 7])
  })

  it('takes control characters for blanks, so that a walk over words always ends', () => {
    const scan = new Scan('\0\r a\x0b7\x7f \n')
    const words: string[] = []
    while (!scan.lineDone && words.length < 10) words.push(scan.word())
    expect(words).toEqual(['a', '7\x7f'])
  })

  it('reads hexadecimal numbers as the kernel writes them', () => {
    const scan = new Scan('0000001f ffffffff 1F 0x1 ff')
    expect([scan.hex(), scan.hex(), scan.hex(), scan.hex(), scan.hex()]).toEqual([31, 4294967295, Number.NaN, Number.NaN, Number.NaN])
  })

  it('reads decimals', () => {
    const scan = new Scan('0.53 12 .5 1e3 1. ')
    expect([scan.decimal(), scan.decimal(), scan.decimal(), scan.decimal(), scan.decimal()]).toEqual([0.53, 12, Number.NaN, Number.NaN, Number.NaN])
  })

  it('reads back every whole number a kernel counter can hold', () => {
    fc.assert(fc.property(fc.bigInt(0n, 2n ** 53n), (value) => new Scan(`${value}\n`).number() === Number(value)))
  })
})

describe('Finder', () => {
  const finder = () => new Finder('a 1\nab 2\nb 3\nc: x 4 y 5\nd: y 6\n')

  it('finds whole keys, also out of order', () => {
    const found = finder()
    expect(['\nb ', '\na ', '\nab ', '\nz ', '\nb '].map((key) => found.after(key).number())).toEqual([3, 1, 2, Number.NaN, 3])
  })

  it('finds a key in its own line only', () => {
    expect(finder().inLine('\nc:', ' y ').number()).toBe(5)
    expect(finder().inLine('\nd:', ' x ').number()).toBeNaN()
    expect(finder().inLine('\nc:', ' z ').number()).toBeNaN()
    expect(finder().inLine('\ne:', ' y ').number()).toBeNaN()
  })
})
