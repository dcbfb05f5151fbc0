import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { semantos, top, workspace } from '../cli/semantos.js'

const page = readFileSync(join(top, 'docs', 'tune.md'), 'utf8')

describe('the page on tuning', () => {
  test.each([...page.matchAll(/^```yaml\n(use: '(.*)'\n[\s\S]*?)^```/gm)].map(([, text = '', plugin = '']) => ({ plugin, text })))('its workload with $plugin is one', async ({ plugin, text }) => {
    const folder = workspace('tune-page')
    writeFileSync(join(folder, 'semantos.config.yaml'), `extends: '@semantos/preset-host'\nworkload:\n${text.replaceAll(/^/gm, '  ')}`)
    const { status, stdout, stderr } = await semantos(folder, 'plugins')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain(plugin)
  })

  test('names options that there are', async () => {
    const { stdout: help } = await semantos(top, 'help', 'all', 'tune', 'init')
    const named = [...page.matchAll(/(?<=`|semantos .*)--[a-z-]+/g)].map(([flag]) => flag)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((flag) => !new RegExp(`^ +${flag}\\b`, 'm').test(help))).toEqual([])
  })
})
