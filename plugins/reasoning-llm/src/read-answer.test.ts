import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answer, item } from '../testing/answers.js'
import { readAnswer } from './read-answer.js'

const one = item('vm.swappiness', 10)
const two = item('vm.dirty_ratio', 100)
const good = answer(one, two)

describe('readAnswer', () => {
  it('reads JSON as it is', () => {
    expect(readAnswer(`\n ${good} `)).toEqual({ items: [one, two], repaired: null })
    expect(readAnswer('{"recommendations":[]}')).toEqual({ items: [], repaired: null })
  })

  it.each([
    ['a fence', `\`\`\`json\n${good}\n\`\`\``],
    ['a preface and a sequel', `Sure! Here it is:\n${good}\nI hope this helps {really}.`],
    ['thoughts', `<think>somaxconn {or not}? "hm</think>${good}`],
    ['an example before', `Like {"a": 1}: ${good}`],
    ['a byte order mark', `\ufeff${good}`],
  ])('passes over %s', (_what, text) => {
    expect(readAnswer(text)).toMatchObject({ items: [one, two] })
  })

  it('ends a broken-off answer behind its last whole recommendation', () => {
    const cut = good.slice(0, good.indexOf('100') + 1)
    expect(cut).toMatch(/"value":1$/)
    expect(readAnswer(cut)).toEqual({ items: [one], repaired: 'the answer breaks off; only its whole recommendations count' })
  })

  it('never makes a recommendation out of half of one, wherever the answer breaks off', () => {
    const tricky = answer(item('vm.swappiness', 10, { rationale: 'a "quoted" } ] { [ \\ text' }), item('net.ipv4.tcp_rmem', [4096, 131_072, 6_291_456]), two)
    const whole = readAnswer(tricky)
    if ('problem' in whole) throw new Error(whole.problem)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: tricky.length }), fc.constantFrom('', '```json\n', 'Here: '), (end, before) => {
        const read = readAnswer(before + tricky.slice(0, end))
        if ('items' in read) expect(read.items).toEqual(whole.items.slice(0, read.items.length))
      }),
    )
  })

  it.each([
    ['', 'empty'],
    ['I cannot help with that.', 'not JSON'],
    ['null', 'without a list'],
    ['42', 'without a list'],
    [`[${JSON.stringify(one)}]`, 'without a list'],
    ['{"plan":[]}', 'without a list'],
    ['{"recommendations":{"vm.swappiness":10}}', 'not a list'],
    ['{"recommendations":null}', 'not a list'],
    ['{"recommendations":[NaN]}', 'not JSON'],
    ['{'.repeat(100_000), 'not JSON'],
    ['['.repeat(1_000_000), 'not JSON'],
  ])('says what is wrong with %.30j', (text, problem) => {
    const read = readAnswer(text)
    expect('problem' in read && read.problem).toContain(problem)
  })
})
