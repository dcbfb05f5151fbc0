import { describe, expect, it } from 'vitest'
import { Deadline } from './deadline.js'
import { RateLimit } from './rate-limit.js'

const NEVER = new AbortController().signal

describe('RateLimit', () => {
  it('lets so many begin at once and the next when the first is a window old', async () => {
    using deadline = new Deadline(5000, 'done', NEVER)
    const rate = new RateLimit(2, 200)
    const began = performance.now()
    const after = await Promise.all([0, 1, 2, 3, 4].map(() => rate.turn(deadline).then(() => Math.round((performance.now() - began) / 200))))
    expect(after).toEqual([0, 0, 1, 1, 2])
  })

  it('does not wait beyond the deadline, and ends with it', async () => {
    using deadline = new Deadline(100, 'done', NEVER)
    const rate = new RateLimit(1, 10_000)
    await rate.turn(deadline)
    await expect(rate.turn(deadline)).rejects.toThrow('the limit of 1 requests in 10 s is used up')
  })
})

describe('Deadline', () => {
  it('ends what does not listen, with what was waited for', async () => {
    using deadline = new Deadline(50, 'no answer', NEVER)
    await expect(deadline.race(new Promise(() => undefined))).rejects.toThrow('no answer within 50 ms')
    expect(deadline.signal.aborted).toBe(true)
  })

  it('ends with its parent', async () => {
    const parent = new AbortController()
    using deadline = new Deadline(5000, 'no answer', parent.signal)
    const waiting = deadline.race(new Promise(() => undefined))
    parent.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
  })
})
