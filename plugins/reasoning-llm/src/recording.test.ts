import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { answer, item } from '../testing/answers.js'
import { askPlugin, mountLlm, situationIn } from '../testing/ask-plugin.js'
import { chatServer, fails, inTurn, says } from '../testing/chat-server.js'
import { NO_PLAN, planOf } from '../testing/subject.js'

afterEach(() => void vi.unstubAllEnvs())

const folder = () => mkdtempSync(join(tmpdir(), 'semantos-llm-'))
const PLAN = planOf({ 'vm.dirty_ratio': 25 })
const PRICES = { price_per_million_tokens: { input: 2, output: 8 } }

describe('recordings', () => {
  it('replay a session byte for byte, without a server and without a key', async () => {
    vi.stubEnv('TEST_LLM_KEY', 'very-private-key')
    const base = folder()
    const good = answer(item('vm.swappiness', 10), item('vm.dirty_ratio', 40), item('kernel.core_pattern', 'x'))
    const options = { model: 'm', api_key_env: 'TEST_LLM_KEY', samples: 4, retries: 0, max_uncertainty: 0.9, ...PRICES }
    const server = await chatServer(inTurn(says(good), says(`\`\`\`\n${good} the key is very-private-key`), fails(500, {}, 'very-private-key'), says('nonsense')))
    const live = await askPlugin({ ...options, base_url: server.url, record_dir: 'talk' }, { plan: PLAN, base })
    await server[Symbol.asyncDispose]()
    vi.unstubAllEnvs()

    const replayed = await askPlugin({ ...options, base_url: server.url, replay_dir: 'talk' }, { plan: PLAN, base })
    expect(JSON.stringify({ ...replayed, ms: 0 })).toBe(JSON.stringify({ ...live, ms: 0 }))
    expect(live.plan.recommendations.length).toBeGreaterThan(0)
    expect(live.logged.join('\n')).toContain('HTTP 500: [secret]')

    const files = readdirSync(join(base, 'talk'))
    expect(files).toHaveLength(4)
    const texts = files.map((file) => readFileSync(join(base, 'talk', file), 'utf8'))
    expect(texts.join('')).not.toContain('very-private-key')
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ kind: 'semantos-llm-sample', model: 'm', sample: 0, outcome: { status: 'answered', usage: { requests: 1, input_tokens: 1000 } } })
  })

  it('tell a question that is asked again from the first time', async () => {
    const base = folder()
    await using server = await chatServer(inTurn(says(answer(item('vm.swappiness', 10))), says(answer(item('vm.swappiness', 90)))))
    const values = async (options: { readonly record_dir?: string; readonly replay_dir?: string }) => {
      await using kit = await mountLlm({ base_url: server.url, model: 'm', samples: 1, ...options }, NO_PLAN, base)
      const first = await kit.kernel.hooks.reason.run(NO_PLAN, situationIn(kit))
      const second = await kit.kernel.hooks.reason.run(NO_PLAN, situationIn(kit))
      return [first, second].map(({ recommendations }) => recommendations[0]?.value)
    }
    expect(await values({ record_dir: 'talk' })).toEqual([10, 90])
    expect(await values({ replay_dir: 'talk' })).toEqual([10, 90])
    expect(server.received).toHaveLength(2)
  })

  it('answer no other question', async () => {
    const base = folder()
    await using server = await chatServer(says(answer(item('vm.swappiness', 10))))
    await askPlugin({ base_url: server.url, model: 'm', samples: 1, record_dir: 'talk' }, { base })
    const { plan, logged } = await askPlugin({ base_url: server.url, model: 'm', samples: 1, replay_dir: 'talk' }, { base, current: { 'vm.swappiness': 61 } })
    expect(plan.recommendations).toEqual([])
    expect(logged.join('\n')).toContain('this question was never recorded')
  })

  it('are not made while only planning', async () => {
    const base = folder()
    await using server = await chatServer(says(answer(item('vm.swappiness', 10))))
    await using kit = await mountLlm({ base_url: server.url, model: 'm', record_dir: 'talk' }, NO_PLAN, base)
    await kit.kernel.hooks.start.run({ planning: true }, kit.cycle)
    await kit.kernel.hooks.reason.run(NO_PLAN, situationIn(kit))
    expect(readdirSync(base)).toEqual([])
  })

  it('fail at the start where their folder is missing, or cannot be made', async () => {
    const base = folder()
    writeFileSync(join(base, 'file'), '')
    const start = (options: { readonly record_dir?: string; readonly replay_dir?: string }) => askPlugin({ provider: 'ollama', model: 'm', ...options }, { base })
    await expect(start({ replay_dir: 'nowhere' })).rejects.toMatchObject({ code: 'SEMANTOS_E_DATA_INVALID', place: join(base, 'nowhere') })
    await expect(start({ record_dir: 'file/talk' })).rejects.toMatchObject({ code: 'SEMANTOS_E_WRITE_FAILED' })
  })

  it('name the file that is none of them', async () => {
    const base = folder()
    await using server = await chatServer(says(answer()))
    await askPlugin({ base_url: server.url, model: 'm', samples: 1, record_dir: 'talk' }, { base })
    const [file = ''] = readdirSync(join(base, 'talk'))
    writeFileSync(join(base, 'talk', file), '{}')
    await expect(askPlugin({ base_url: server.url, model: 'm', samples: 1, replay_dir: 'talk' }, { base })).rejects.toMatchObject({ code: 'SEMANTOS_E_DATA_INVALID', place: join(base, 'talk', file) })
  })
})
