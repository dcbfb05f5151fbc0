import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { answer, item } from '../../plugins/reasoning-llm/testing/answers.js'
import { type ChatServer, chatServer, says } from '../../plugins/reasoning-llm/testing/chat-server.js'
import { semantos, workspace } from './semantos.js'

const folder = workspace('reasoner-options')
let server: ChatServer

/** One run in a sandbox and with a memory of its own, so that only the model's answers can make a difference. */
function run(place: string, ...words: string[]) {
  return semantos(folder, '--trials', '2', '--sandbox', join(place, 'sysctl.conf'), '--kb', join(place, 'kb'), '--json', ...words)
}

beforeAll(async () => {
  server = await chatServer(says(answer(item('kernel.sched_wakeup_granularity_ns', 3_000_000))))
  writeFileSync(join(folder, 'semantos.config.yaml'), `
extends: '@semantos/preset-reproduction'
reasoning:
  - use: '@semantos/reasoning-rules'
    options: { sets: [kit] }
  - use: '@semantos/reasoning-llm'
    options: { base_url: '${server.url}', model: m, record_dir: talk }
report: []
`)
})

describe('reasoners that ask a model', () => {
  test('--replay gives the same bytes as the run that was recorded, without a server; --show-prompt asks none', async () => {
    const live = await run('live', '--config', 'semantos.config.yaml')
    expect(live.status).toBe(0)
    expect(live.stdout).toContain('"proposed_by":"@semantos/reasoning-llm"')
    expect(readdirSync(join(folder, 'talk'))).toHaveLength(server.received.length)
    await server[Symbol.asyncDispose]()

    const replayed = await run('replayed', '--config', 'semantos.config.yaml', '--replay', 'talk')
    expect(replayed).toEqual(live)

    const shown = await semantos(folder, 'plan', '--show-prompt')
    expect(shown.status).toBe(0)
    expect(shown.stderr).toContain('--- user\nGoal')
    expect(shown.stdout).not.toContain('sched_wakeup_granularity')
  })

  test('both reach a reasoner inside an ensemble', async () => {
    await using inside = await chatServer(says(answer(item('kernel.sched_wakeup_granularity_ns', 3_000_000))))
    writeFileSync(join(folder, 'ensemble.config.mjs'), `
      import ensemble from '@semantos/reasoning-ensemble'
      import llm from '@semantos/reasoning-llm'
      import { reproduction } from '@semantos/preset-reproduction'
      import rules from '@semantos/reasoning-rules'
      const asked = llm({ base_url: '${inside.url}', model: 'm', record_dir: 'inside' })
      export default { extends: reproduction(), reasoning: ensemble({ reasoners: [rules({ sets: ['kit'] }), asked] }), report: [] }
    `)
    const live = await run('live-ensemble', '--config', 'ensemble.config.mjs')
    expect(live.stdout).toContain('"knob":"kernel.sched_wakeup_granularity_ns","value":3000000')
    const asked = inside.received.length
    expect(asked).toBeGreaterThan(0)

    expect(await run('replayed-ensemble', '--config', 'ensemble.config.mjs', '--replay', 'inside')).toEqual(live)
    const shown = await semantos(folder, 'plan', '--config', 'ensemble.config.mjs', '--show-prompt')
    expect(shown.stderr).toContain('--- user\nGoal')
    expect(shown.stdout).not.toContain('sched_wakeup_granularity')
    expect(inside.received).toHaveLength(asked)
  })

  test('a folder that is not there is an error before anything is changed', async () => {
    const { status, stderr } = await run('missing', '--config', 'semantos.config.yaml', '--replay', 'nowhere')
    expect(status).toBe(2)
    expect(stderr).toContain('there is no such folder of recordings to replay')
    expect(readdirSync(folder)).not.toContain('missing')
  })

  test.each(['--show-prompt', '--replay=talk'])('%s is refused where no reasoner asks a model', async (flag) => {
    writeFileSync(join(folder, 'rules.yaml'), "extends: '@semantos/preset-reproduction'\n")
    const { status, stdout, stderr } = await semantos(folder, 'plan', '--config', 'rules.yaml', flag)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/no reasoner of this config has an option (show_prompt|replay_dir) \[SEMANTOS_E_USAGE\]\n {2}at: {5}--/)
  })
})
