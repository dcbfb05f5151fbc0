import { describe, expect, it } from 'vitest'
import { Options, endpointOf } from './options.js'

const GIVEN = { base_url: 'http://127.0.0.1:8000/v1', model: 'm' }

describe('options', () => {
  it('have a provider with an address and a key of its own', () => {
    expect(endpointOf(Options.parse({ provider: 'ollama', model: 'm' }))).toEqual({ baseUrl: 'http://127.0.0.1:11434/v1', apiKeyEnv: null })
    expect(endpointOf(Options.parse({ provider: 'anthropic', model: 'm' }))).toEqual({ baseUrl: 'https://api.anthropic.com/v1', apiKeyEnv: 'ANTHROPIC_API_KEY' })
    expect(endpointOf(Options.parse({ ...GIVEN, provider: 'openai', api_key_env: 'MY_KEY' }))).toEqual({ baseUrl: GIVEN.base_url, apiKeyEnv: 'MY_KEY' })
  })

  it.each([
    ['no address', { base_url: undefined }, 'base_url'],
    ['another protocol', { base_url: 'file:///etc/passwd' }, 'base_url'],
    ['a key in the address', { base_url: 'https://user:key@host/v1' }, 'base_url'],
    ['a key in the query', { base_url: 'https://host/v1?key=x' }, 'base_url'],
    ['a key for the name of one', { api_key_env: 'sk-abc' }, 'api_key_env'],
    ['a key', { api_key: 'sk-abc' }, 'api_key'],
    ['a ceiling without prices', { max_cost_usd: 1 }, 'max_cost_usd'],
    ['recording a replay', { record_dir: 'a', replay_dir: 'b' }, 'replay_dir'],
    ['no samples', { samples: 0 }, 'samples'],
  ])('refuse %s', (_what, part, path) => {
    const { success, error } = Options.safeParse({ ...GIVEN, ...part })
    expect(success).toBe(false)
    expect(JSON.stringify(error?.issues)).toContain(path)
  })
})
