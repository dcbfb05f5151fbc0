import { expect, it } from 'vitest'
import { z } from 'zod'
import { namedPlugin, shown, shownOptions } from './describe-plugin.js'
import { definePlugin } from './plugin.js'

const options = z.strictObject({ run: z.string().default('true'), limit_s: z.number().default(60), password: z.string().optional() })
const command = definePlugin({ name: 'command', stage: 'workload', api: 1, options, setup: ({ hooks }) => hooks.measure.tapPromise('run', () => Promise.resolve(undefined)) })

it('goes by its id alone where its options are the defaults, written or not', () => {
  expect(namedPlugin(command())).toBe('command')
  expect(namedPlugin(command({ limit_s: 60 }, { id: 'second' }))).toBe('command#second')
})

it('is told from another with other options, and not by how they were written', () => {
  const redis = namedPlugin(command({ run: 'redis-benchmark' }))
  expect(redis).toMatch(/^command [\da-f]{8}$/)
  expect(namedPlugin(command({ run: 'wrk' }))).not.toBe(redis)
  expect(namedPlugin(command({ limit_s: 60, run: 'redis-benchmark' }))).toBe(redis)
})

it('shows of what is no data that it is there', () => {
  class Client {
    readonly self = this
  }
  expect(shown({ client: new Client(), large: 1n, since: new Date(0), none: undefined, call: () => 1, list: [Object.create(null)] })).toEqual({
    client: '(object)', large: '(bigint)', since: '1970-01-01T00:00:00.000Z', list: [{}],
  })
})

it('shows no secret, and is the same with another one', () => {
  expect(shownOptions(command({ password: 'hush' }))).toEqual({ run: 'true', limit_s: 60, password: '[secret]' })
  expect(namedPlugin(command({ password: 'hush' }))).toBe(namedPlugin(command({ password: 'quiet' })))
})
