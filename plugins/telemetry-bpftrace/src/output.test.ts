import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { percentile, total } from './histogram.js'
import { failureOf, readOutput } from './output.js'

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')

function histogramOf(output: string) {
  const outcome = readOutput(output)
  if ('reason' in outcome) throw new Error(outcome.reason)
  return outcome
}

describe('what bpftrace prints', () => {
  it('is read bucket by bucket', () => {
    const accept = histogramOf(fixture('accept.jsonl'))
    expect(accept[0]).toEqual({ min: 4, max: 7, count: 2 })
    expect(accept.at(-1)).toEqual({ min: 262144, max: 524287, count: 3 })
    expect(total(accept)).toBe(255)
    expect(total(histogramOf(fixture('block.jsonl')))).toBeGreaterThan(9000)
    expect(total(histogramOf(fixture('runqueue.jsonl')))).toBeGreaterThan(27_000)
  })

  it('is an empty histogram where nothing happened', () => {
    expect(readOutput(fixture('accept-nothing.jsonl'))).toEqual([])
  })

  const attached = '{"type": "attached_probes", "data": {"probes": 3}}\n{"type": "printf", "data": "in place\\n"}\n'
  const hist = (data: unknown) => `${attached}${JSON.stringify({ type: 'hist', data })}\n`

  it('may hold messages of other kinds, and a last bucket without an end', () => {
    expect(readOutput(`${attached}{"type": "lost_events", "data": {"events": 3}}\n${hist({ '@us': [{ min: 8, count: 2 }] })}`)).toEqual([{ min: 8, max: 8, count: 2 }])
  })

  it.each([
    ['nothing at all', '', /before its probes were attached/],
    ['text', `${attached}Attaching…\u001b[31m`, /line 3 of bpftrace's output is no message in JSON: Attaching… \[31m$/],
    ['half a line', fixture('block.jsonl').trimEnd().slice(0, -20), /is no message in JSON/],
    ['a list', `${attached}[1]`, /is no message in JSON/],
    ['another map', hist({ '@other': [] }), /is no histogram/],
    ['a count below zero', hist({ '@us': [{ min: 1, max: 1, count: -1 }] }), /is no histogram/],
    ['a fraction', hist({ '@us': [{ min: 1.5, max: 2, count: 1 }] }), /is no histogram/],
    ['a bucket that ends before it begins', hist({ '@us': [{ min: 4, max: 3, count: 1 }] }), /ends before it begins/],
    ['buckets that do not rise', hist({ '@us': [{ min: 4, max: 7, count: 1 }, { min: 4, max: 7, count: 1 }] }), /must rise/],
    ['more buckets than there are', hist({ '@us': Array.from({ length: 65 }, (_, min) => ({ min, max: min, count: 1 })) }), /is no histogram/],
    ['one very long line', `${attached}${'x'.repeat(100_000)}`, /^.{0,300}$/],
  ])('is refused with its reason where it is %s', (_what, output, reason) => {
    expect(() => histogramOf(output)).toThrow(reason)
  })
})

describe('why bpftrace gave up', () => {
  it.each([
    ['no-root.stderr', 'BPF is for root', 'only supports running as the root user'],
    ['no-capability.stderr', 'type information of the kernel (BTF)', 'install BTF information'],
    ['no-tracepoint.stderr', 'tracefs is not mounted', 'tracepoint not found: block:block_nothing'],
  ])('%s', (name, hint, words) => {
    const reason = failureOf(fixture(name), 'it ended with status 1')
    expect(reason).toContain(hint)
    expect(reason).toContain(words)
    expect(reason).not.toContain('RLIMIT_MEMLOCK')
  })

  it('names lockdown', () => {
    expect(failureOf("ERROR: Kernel lockdown is enabled in 'confidentiality' mode.", '')).toMatch(/^the lockdown of this kernel forbids it/)
  })

  it('says how it ended where it said nothing', () => {
    expect(failureOf('', 'it was ended by SIGSEGV')).toBe('bpftrace failed: it was ended by SIGSEGV')
  })
})

describe('a percentile', () => {
  const histogram = [{ min: 0, max: 0, count: 50 }, { min: 1, max: 1, count: 0 }, { min: 8, max: 15, count: 40 }, { min: 1024, max: 2047, count: 10 }]

  it('lies in the bucket in which the sample of its rank is', () => {
    expect(percentile(histogram, 0.25)).toBe(0.5)
    expect(percentile(histogram, 0.5)).toBe(1)
    expect(percentile(histogram, 0.7)).toBe(12)
    expect(percentile(histogram, 0.95)).toBe(1536)
    expect(percentile(histogram, 1)).toBe(2048)
  })
})
