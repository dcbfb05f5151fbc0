import { describe, expect, test } from 'vitest'
import { masked } from './redact.js'

describe('masked', () => {
  test.each([
    ['a string', { api_key: 'hunter2' }, { api_key: '***' }],
    ['a number', { password: 1234 }, { password: '***' }],
    ['an object as a whole, names and all', { credentials: { hunter2: { user: 'a' } } }, { credentials: '***' }],
    ['a list as a whole', { tokens: ['hunter2', 'hunter3'] }, { tokens: '***' }],
    ['deep inside', { servers: [{ http: { headers: { Authorization: 'Bearer hunter2' } } }] }, { servers: [{ http: { headers: { Authorization: '***' } } }] }],
  ])('hides %s under a name that speaks of a secret', (_, value, shown) => {
    expect(masked(value)).toEqual(shown)
  })

  test.each([
    ['http://user:hunter2@host:9090/metrics', 'http://***@host:9090/metrics'],
    ['http://hunter2@host', 'http://***@host'],
    ['http://user:p@hunter2@host/a@b', 'http://***@host/a@b'],
    ['redis://:hunter2@[::1]:6379/0', 'redis://***@[::1]:6379/0'],
    ['https://host/a?since=1&access_token=hunter2&b=2#c', 'https://host/a?since=1&access_token=***&b=2#c'],
    ["curl 'https://u:hunter2@host/?apikey=hunter2' | wrk http://other", "curl 'https://***@host/?apikey=***' | wrk http://other"],
  ])('hides what an address carries: %s', (address, shown) => {
    expect(masked({ run: [address] })).toEqual({ run: [shown] })
  })

  test.each([
    [{ api_key_env: 'OPENAI_API_KEY', tokenEnv: 'TOKEN' }],
    [{ max_tokens_answer: 2000, price_per_million_tokens: { input: 3, output: 15 } }],
    [{ token: null, use_key: true }],
    [{ url: 'http://host:80/a@b?page=2', mail: 'me@host', when: new Date(0) }],
  ])('leaves what is none as it is: %j', (value) => {
    expect(masked(value)).toEqual(value)
  })
})
