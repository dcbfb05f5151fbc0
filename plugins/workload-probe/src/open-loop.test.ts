import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Load, openLoop } from './open-loop.js'
import { Queue } from './queue.js'
import type { Target } from './targets/target.js'

const NEVER = new AbortController().signal
const LOAD: Load = { ratePerS: 200, warmUpS: 0, durationS: 0.5, timeoutMs: 60_000, connections: 1000 }

/** A service made of one function. */
function service(answer: (index: number) => Promise<unknown>): Target & { started: number[]; cancelled: number } {
  const target = {
    started: Array.of<number>(),
    cancelled: 0,
    probe: () => {
      const index = target.started.push(performance.now()) - 1
      return { ended: answer(index).then(() => undefined), cancel: () => void target.cancelled++ }
    },
    close: () => undefined,
  }
  return target
}

describe('an open loop', () => {
  it('keeps its rate though no answer comes', async () => {
    const target = service(() => new Promise(() => undefined))
    const tally = await openLoop(target, { ...LOAD, timeoutMs: 100 }, NEVER)
    const [first = 0, last = 0] = [target.started[0], target.started.at(-1)]
    expect(target.started).toHaveLength(100)
    expect(last - first).toBeGreaterThan(450)
    // One after the other would take ten seconds.
    expect(last - first).toBeLessThan(9000)
    expect(tally).toMatchObject({ succeeded: 0, timeouts: 100, failed: 100, reasons: '100 x no answer within 100 ms' })
    expect(tally.latencies.percentileMs(50)).toBeCloseTo(100, 0)
    expect(target.cancelled).toBe(100)
  })

  it('counts the wait for a connection, which a client that waits for its turn would not see', async () => {
    // One request in a hundred takes 300 ms, over one connection: some sixty more are late because of it.
    const tally = await openLoop(service((index) => (index === 20 ? sleep(300) : sleep(1))), { ...LOAD, connections: 1 }, NEVER)
    expect(tally.succeeded).toBe(100)
    expect(tally.latencies.percentileMs(75)).toBeGreaterThan(100)
    expect(tally.latencies.percentileMs(95)).toBeGreaterThan(200)
    expect(tally.uncorrected.percentileMs(95)).toBeLessThan(tally.latencies.percentileMs(95) / 2)
  })

  it('leaves the warm-up out', async () => {
    const tally = await openLoop(service((index) => sleep(index < 40 ? 1 : 100)), { ...LOAD, warmUpS: 0.2, durationS: 0.3 }, NEVER)
    expect(tally.succeeded).toBe(60)
    expect(tally.latencies.percentileMs(1)).toBeGreaterThan(90)
  })

  it('counts failures by reason and takes no latency from them', async () => {
    const tally = await openLoop(service((index) => (index % 4 === 0 ? Promise.reject(new Error(index % 8 === 0 ? 'status 503' : 'refused')) : sleep(20))), LOAD, NEVER)
    expect(tally).toMatchObject({ succeeded: 75, failed: 25, timeouts: 0, reasons: '13 x status 503, 12 x refused' })
    expect(tally.latencies.percentileMs(1)).toBeGreaterThan(15)
  })

  it('gives up where every request is refused, the warm-up included', async () => {
    const target = service(() => Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:1')))
    const tally = await openLoop(target, { ...LOAD, warmUpS: 300, durationS: 300 }, NEVER)
    expect(tally).toMatchObject({ succeeded: 0, reasons: `${tally.failed} x connect ECONNREFUSED 127.0.0.1:1` })
    expect(tally.failed).toBeGreaterThanOrEqual(20)
    expect(target.started.length).toBeLessThan(120_000)
  })

  it('does not give up a service that has answered once', async () => {
    const target = service((index) => (index === 0 ? sleep(1) : Promise.reject(new Error('connect ECONNREFUSED 127.0.0.1:1'))))
    expect(await openLoop(target, { ...LOAD, durationS: 1.5 }, NEVER)).toMatchObject({ succeeded: 1, failed: 299 })
  })

  it('sends at least one request', async () => {
    expect((await openLoop(service(() => sleep(1)), { ...LOAD, ratePerS: 0.1 }, NEVER)).succeeded).toBe(1)
  })

  it('ends at once when it is aborted', async () => {
    const stop = new AbortController()
    const target = service(() => new Promise(() => undefined))
    const run = openLoop(target, LOAD, stop.signal)
    await sleep(100)
    stop.abort(new Error('enough'))
    await expect(run).rejects.toThrow('enough')
    const { length } = target.started
    await sleep(50)
    expect(target.started).toHaveLength(length)
    expect(target.cancelled).toBe(length)
    await expect(openLoop(target, LOAD, stop.signal)).rejects.toThrow('enough')
  })
})

it('a queue gives back what it was given, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(), fc.constant('take' as const)), { maxLength: 5000, size: 'max' }), (steps) => {
      const [queue, model] = [new Queue<number>(), Array.of<number>()]
      for (const step of steps) {
        expect(queue.head).toBe(model[0])
        if (step === 'take') expect(queue.shift()).toBe(model.shift())
        else {
          queue.push(step)
          model.push(step)
        }
      }
    }),
    { numRuns: 5 },
  )
})
