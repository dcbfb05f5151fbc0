import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refuses } from '@semantos/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askPlugin } from '../testing/ask-plugin.js'
import { CATALOGUE, planOf } from '../testing/subject.js'

const script = (name: string) => fileURLToPath(new URL(`../engine/${name}`, import.meta.url))
const folder = process.env.SEMANTOS_LLAMA_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'semantos', 'llama')
const installed = existsSync(join(folder, 'node_modules', '@fugood', 'llama.node'))
const why = installed ? '' : `: skipped, llama.cpp is not installed; plugins/reasoning-llm/engine/install.sh installs it in ${folder}`

describe('the random model', () => {
  it('is the same file for the same seed, and another for another', () => {
    const base = mkdtempSync(join(tmpdir(), 'semantos-gguf-'))
    const [a, b, c] = [['a', '1'], ['b', '1'], ['c', '2']].map(([name = '', seed = '']) => {
      execFileSync(process.execPath, [script('write-model.mjs'), join(base, name), seed])
      return readFileSync(join(base, name))
    })
    expect(a?.subarray(0, 4).toString()).toBe('GGUF')
    expect(a?.length).toBeLessThan(500_000)
    expect(a?.equals(b ?? Buffer.of())).toBe(true)
    expect(a?.equals(c ?? Buffer.of())).toBe(false)
  })
})

// The engine is real, the weights are random: this shows that the plumbing holds, and nothing about tuning.
describe.skipIf(!installed)(`llama.cpp with a random model${why}`, () => {
  let engine: ChildProcess
  let base_url = ''

  beforeAll(async () => {
    const model = join(mkdtempSync(join(tmpdir(), 'semantos-gguf-')), 'random.gguf')
    execFileSync(process.execPath, [script('write-model.mjs'), model, '7'])
    engine = spawn(process.execPath, [script('serve.mjs'), model, folder], { stdio: ['ignore', 'pipe', 'ignore'] })
    base_url = await new Promise((resolve, reject) => {
      let output = ''
      engine.stdout?.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        const address = /serving at (\S+)/.exec(output)?.[1]
        if (address !== undefined) resolve(address)
      })
      engine.on('exit', () => reject(new Error(`the engine ended: ${output}`)))
    })
  })
  afterAll(() => void engine.kill())

  it.each([
    ['whole', { stream: false, json_schema: true }],
    ['streamed', { stream: true, json_schema: true }],
    ['without a grammar', { stream: false, json_schema: false }],
  ])('answers are read, checked and counted: %s', async (_what, options) => {
    const { plan, advice, logged } = await askPlugin(
      { base_url, model: 'random', samples: 2, retries: 0, max_tokens_prompt: 2000, max_tokens_answer: 150, deadline_ms: 50_000, timeout_ms: 50_000, ...options },
      { plan: planOf({ 'vm.dirty_ratio': 25 }) },
    )
    expect(plan.recommendations[0]).toMatchObject({ knob: 'vm.dirty_ratio' })
    for (const { knob: ref, value } of plan.recommendations) {
      const knob = CATALOGUE.get(ref)
      expect(knob && refuses(knob, value, 'safe')).toBeNull()
    }
    expect(advice[0]).toMatch(/^2 requests to random: [1-9]\d* tokens in, [1-9]\d* out, cost unknown/)
    expect(logged.join('\n')).not.toContain('failed:')
  })
})
