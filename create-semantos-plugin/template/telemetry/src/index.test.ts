import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { SnapshotDraft } from '@semantos/core/embed'
import { mount } from '@semantos/plugin-kit'
import plugin from './index.js'

/** A folder that stands for `/`, holding one file. */
function hostWith(text: string): string {
  const root = mkdtempSync(join(tmpdir(), 'plugin-'))
  writeFileSync(join(root, 'loadavg'), text)
  return root
}

async function collect(root: string, path = '/loadavg') {
  const kit = await mount(plugin({ path }), { root })
  try {
    return (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(new Date())
  } finally {
    await kit.kernel.dispose()
  }
}

test('reads the file', async () => {
  const { metrics } = await collect(hostWith('0.20 0.18 0.12 1/80 11206\n'))
  assert.deepEqual(metrics, [{ name: 'example.threads', value: 80, unit: 'threads', source: '@acme/semantos-plugin' }])
})

test('a host without the file is a missing metric, not a crash', async () => {
  const { metrics, missing } = await collect(hostWith(''), '/gone')
  assert.deepEqual(metrics, [])
  assert.match(missing[0]?.reason ?? '', /ENOENT/)
})

test('nonsense is an error that names the file', async () => {
  await assert.rejects(collect(hostWith('busy\n')), { code: 'SEMANTOS_E_DATA_INVALID', place: '/loadavg' })
})
