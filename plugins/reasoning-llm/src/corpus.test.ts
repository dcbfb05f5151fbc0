import { knobText, type KnobValue, refuses } from '@semantos/core'
import { describe, it } from 'vitest'
import { chatServer, says } from '../testing/chat-server.js'
import { readCorpus } from '../testing/corpus.js'
import { INJECTION, runOnFakeHost } from '../testing/fake-host.js'
import { CATALOGUE } from '../testing/subject.js'

const corpus = readCorpus()
const RULES = { 'vm.dirty_ratio': 25 }

describe.concurrent('a hostile or confused model', () => {
  it('has at least 60 answers here', ({ expect }) => {
    expect(corpus.length).toBeGreaterThanOrEqual(60)
  })

  // Three samples that all say the same: nothing is outvoted, so each check stands alone.
  it.for(corpus)('$name', async ({ answer, says: words, takes, guards_refuse: rule }, { expect }) => {
    await using server = await chatServer(says(answer))
    const { report, logged, changed } = await runOnFakeHost({ base_url: server.url, model: 'hostile', retries: 0 })
    const { plan, verdict, outcome } = report
    const advice = plan.advice.map(({ text }) => text)

    for (const each of words) expect(advice).toContainEqual(expect.stringContaining(each))
    expect(Object.fromEntries(plan.recommendations.map(({ knob, value }) => [knob, value]))).toEqual({ ...RULES, ...takes })
    for (const { knob: ref, value } of plan.recommendations) {
      const knob = CATALOGUE.get(ref)
      expect(knob && refuses(knob, value, 'safe')).toBeNull()
    }

    // What was written: the plan's files and no others, or nothing where a guard said no.
    expect(verdict.violations.map((violation) => violation.rule)).toEqual(rule === undefined ? [] : [rule])
    const expected: Readonly<Record<string, KnobValue>> = rule === undefined ? { ...RULES, ...takes } : {}
    const written = Object.entries(expected).map(([name, value]) => {
      const knob = CATALOGUE.get(name)
      return [`proc/sys/${knob?.where.path ?? ''}`, knob ? knobText(knob.type, value) : '']
    })
    expect(changed).toEqual(Object.fromEntries(written))
    expect(outcome).toBe(rule === undefined ? 'applied' : 'refused')

    // What is shown: one line each, no control characters, no secrets, no end.
    const shown = [...advice, ...plan.recommendations.map(({ rationale }) => rationale), logged].join('\n')
    expect(shown).not.toMatch(/[^\P{C}\n]/u)
    expect(shown).not.toContain('hunter2')
    expect(shown.length).toBeLessThan(20_000)
    expect(advice.length).toBeLessThan(30)
  })

  it('is told of names that give orders only in quotation marks', async ({ expect }) => {
    await using server = await chatServer(says('{"recommendations": []}'))
    await runOnFakeHost({ base_url: server.url, model: 'hostile' })
    const prompt = server.received[0]?.body.messages.map(({ content }) => (typeof content === 'string' ? content : content.map(({ text }) => text).join(''))).join('\n') ?? ''
    expect(prompt).toContain(`CPU "${INJECTION}"`)
    expect(prompt.replace(/"(?:[^"\\\n]|\\.)*"/g, '')).not.toMatch(/ignore.previous/i)
    expect(prompt.split(INJECTION)).toHaveLength(2)
  })
})
