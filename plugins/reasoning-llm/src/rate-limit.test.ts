import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Deadline } from './deadline.js'
import { RateLimit } from './rate-limit.js'

const NEVER = new AbortController().signal

describe('RateLimit', () => {
  it('lets so many begin at once', async () => {
    using deadline = new Deadline(1_000_000, 'done', NEVER)
    const rate = new RateLimit(2, 100_000)
    await Promise.all([rate.turn(deadline), rate.turn(deadline)])
    const third = rate.turn(deadline).then(() => 'began', () => 'ended')
    expect(await Promise.race([third, sleep(50, 'waits')])).toBe('waits')
  })

  it('lets the next begin when the first is a window old', async () => {
    using deadline = new Deadline(60_000, 'done', NEVER)
    const rate = new RateLimit(2, 200)
    const start = performance.now()
    const began = await Promise.all([0, 1, 2, 3, 4].map(() => rate.turn(deadline).then(() => performance.now())))
    // By windows since the start: when each is seen to have begun is late by chance. A timer of Node may be a millisecond early, and so may the one before it.
    for (const [index, at] of began.entries()) expect(at - start).toBeGreaterThanOrEqual(200 * Math.floor(index / 2) - 2)
  })

  it('does not wait beyond the deadline, and ends with it', async () => {
    using deadline = new Deadline(60_000, 'done', NEVER)
    const rate = new RateLimit(1, 100_000)
    await rate.turn(deadline)
    await expect(rate.turn(deadline)).rejects.toThrow('the limit of 1 requests in 100 s is used up')
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
