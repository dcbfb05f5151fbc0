import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { definePlugin, z } from '@semantos/core'
import { afterAll, expect, it } from 'vitest'
import { mount } from './mount.js'

const given = mkdtempSync(join(tmpdir(), 'semantos-mount-'))
afterAll(() => rmSync(given, { recursive: true }))

/** Logs what stands at `/proc/x`, and leaves a file beside the config. */
const reader = definePlugin({
  name: 'reader',
  stage: 'telemetry',
  api: 1,
  options: z.strictObject({}),
  setup({ hooks, host, paths }) {
    hooks.start.tapPromise('read', (_message, { log }) => {
      log(JSON.stringify(host.open('/proc/x').read()))
      writeFileSync(join(paths.base, 'left'), '')
    })
  },
})
const broken = definePlugin({ name: 'broken', stage: 'telemetry', api: 1, options: z.strictObject({}), setup: () => Promise.reject(new Error('no')) })

it('puts files below /, and removes what it made when the kernel is disposed of', async () => {
  const kit = await mount(reader(), { root: { 'proc/x': '256\n' } })
  await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
  expect(kit.logged).toEqual(['reader: {"text":"256\\n"}'])
  expect(existsSync(join(kit.paths.base, 'left'))).toBe(true)
  await kit.kernel.dispose()
  expect(existsSync(dirname(kit.paths.base))).toBe(false)
})

it('leaves folders that it was given', async () => {
  const kit = await mount(reader(), { root: given, paths: { base: given } })
  await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
  await kit.kernel.dispose()
  expect(readdirSync(given)).toEqual(['left'])
})

it('leaves nothing where a plugin cannot be set up', async () => {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = mkdtempSync(join(given, 'tmp-'))
  try {
    await expect(mount(broken(), { root: { 'proc/x': '' } })).rejects.toMatchObject({ code: 'SEMANTOS_E_PLUGIN_THREW' })
    expect(readdirSync(tmpdir())).toEqual([])
  } finally {
    process.env['TMPDIR'] = before
  }
})
