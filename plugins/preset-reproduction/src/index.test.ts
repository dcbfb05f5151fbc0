import { isPlugin, type Plugin, STAGES } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import { describe, expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import preset, { reproduction } from './index.js'

function pluginsOf(slot: keyof typeof STAGES): Plugin[] {
  const entries: readonly unknown[] = [reproduction()[slot] ?? []].flat()
  return entries.filter(isPlugin)
}

const STAGE_NAMES = Object.keys(STAGES).filter((name): name is keyof typeof STAGES => name in STAGES)

describe('preset-reproduction', () => {
  it.each(STAGE_NAMES)('fills the slot %s with plugins of that stage, whose options are right', (slot) => {
    const plugins = pluginsOf(slot)
    expect(plugins.length).toBeGreaterThan(0)
    for (const plugin of plugins) expect({ stage: plugin.stage, options: plugin.prepare().success }).toEqual({ stage: slot, options: true })
  })

  it('may touch nine knobs, all of which the catalogue has', async () => {
    await using kit = await mount(pluginsOf('knowledge'))
    const { knobs } = reproduction()
    expect(knobs).toHaveLength(9)
    expect(kit.catalogue.matching(knobs ?? []).map(({ name }) => name)).toEqual(knobs)
  })

  it('depends on exactly the packages that it lists', () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual(STAGE_NAMES.flatMap(pluginsOf).map(({ name }) => name).sort())
  })

  it('has a fixed clock and seed, and is the default export, so that a config can name the package', () => {
    expect(preset).toBe(reproduction)
    expect(reproduction()).toMatchObject({ seed: 42, trials: 16, slo: { p95_ms: 120 }, clock: '2026-01-01T00:00:00Z' })
  })
})
