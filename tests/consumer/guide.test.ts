import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunReport } from '@semantos/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { Outside, top } from './install.js'

const guide = readFileSync(join(top, 'docs', 'plugin-guide.md'), 'utf8')

/** The snippets of one kind, with the word that the comment before them names. */
const snippets = (kind: string) => [...guide.matchAll(new RegExp(`<!-- ${kind}: (\\S+) -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, word = '', text = '']) => ({ word, text }))

const outside = new Outside()
const folder = outside.copy('telemetry-entropy')

/** Runs SemantOS with this config in a plugin author's folder, and returns its report. */
function report(file: string, text: string): RunReport {
  writeFileSync(join(folder, file), text)
  const { stdout, stderr } = spawnSync(process.execPath, ['../node_modules/semantos/dist/semantos.js', '--config', file, '--trials', '2', '--json'], { cwd: folder, encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return RunReport.parse(JSON.parse(stdout))
}

/** The default preset with some slots replaced. */
const config = (imports: string, keys: string) => `
  import { reproduction } from '@semantos/preset-reproduction'
  import rules from '@semantos/reasoning-rules'
  import bounds from '@semantos/guardrails-bounds'
  ${imports}
  export default { extends: reproduction(), ${keys} }
`

describe('docs/plugin-guide.md', { timeout: 600_000 }, () => {
  beforeAll(async () => {
    for (const { word, text } of snippets('check')) writeFileSync(join(folder, 'src', `${word}.ts`), text)
    expect(await outside.run(folder, 'tsc')).toBe('')
  }, 600_000)

  test('says of every snippet how it is checked', () => {
    const all = [...guide.matchAll(/^```\w+$/gm)].length
    expect(all).toBeGreaterThan(6)
    expect(['file', 'check', 'config', 'shell'].flatMap(snippets)).toHaveLength(all)
  })

  test('shows files of the examples as they are', () => {
    for (const { word, text } of snippets('file')) expect(text, word).toBe(readFileSync(join(top, word), 'utf8'))
  })

  test('its reasoner goes half the way', () => {
    const { plan } = report('half.config.mjs', config("import halfway from './dist/reasoning.js'", "reasoning: [rules({ sets: ['kit'] }), halfway()]"))
    const { plan: whole } = report('whole.config.mjs', config('', "reasoning: rules({ sets: ['kit'] })"))
    const wanted = Object.fromEntries(whole.recommendations.map(({ knob, value }) => [knob, value]))
    expect(wanted['vm.swappiness']).toBe(10)
    expect(plan.recommendations.find(({ knob }) => knob === 'vm.swappiness')).toMatchObject({
      value: 35, proposed_by: '@semantos/reasoning-rules', changed_by: ['@acme/semantos-reasoning-halfway'],
    })
  })

  test('its watch counts what happens around a trial, and adds nothing where the kernel does not say', () => {
    const script = `
      import { mkdirSync, writeFileSync } from 'node:fs'
      import { WatchDraft } from '@semantos/core/kernel'
      import { mount } from '@semantos/plugin-kit'
      import switches from './dist/telemetry.js'
      mkdirSync('root/proc', { recursive: true })
      const kit = await mount(switches(), { root: 'root' })
      const counted = async (trial) => {
        const watch = await kit.kernel.hooks.watch.run(new WatchDraft(), kit.cycle)
        trial()
        return (await watch.end()).map(({ name, value }) => [name, value])
      }
      const set = (switches) => writeFileSync('root/proc/stat', 'cpu 1 2\\nctxt ' + switches + '\\n')
      set(1000)
      const answers = [await counted(() => set(1600)), await counted(() => writeFileSync('root/proc/stat', ''))]
      await kit.kernel.dispose()
      console.log(JSON.stringify(answers))
    `
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' })
    expect(stdout, stderr).toBe('[[["trial.context_switches",600]],[]]\n')
  })

  test.each([['10:30', 'refused'], ['20:30', 'applied']])('its guard at %s UTC: %s', (time, outcome) => {
    const run = report('guard.config.mjs', config("import hours from './dist/guardrails.js'", `guardrails: [bounds(), hours()], clock: '2026-01-01T${time}:00Z'`))
    expect(run.outcome).toBe(outcome)
    expect(run.verdict.violations.map(({ guard, rule }) => [guard, rule])).toEqual(outcome === 'refused' ? [['@acme/semantos-guardrails-office-hours', 'office_hours']] : [])
  })

  test('its configs run, and the collector is in them', () => {
    const configs = snippets('config')
    expect(configs.length).toBeGreaterThan(0)
    for (const { word, text } of configs) expect(report(word, text).snapshot.metrics.map(({ name }) => name), word).toContain('entropy.available_bits')
  })
})
