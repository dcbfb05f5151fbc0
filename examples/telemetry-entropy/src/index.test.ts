import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { SnapshotDraft } from '@semantos/core/embed'
import { mount } from '@semantos/plugin-kit'
import entropy from './index.js'

/** A folder that stands for `/`, holding one file. */
function hostWith(text: string): string {
  const root = mkdtempSync(join(tmpdir(), 'entropy-'))
  writeFileSync(join(root, 'avail'), text)
  return root
}

async function collect(root: string, path = '/avail') {
  const kit = await mount(entropy({ path }), { root })
  try {
    return (await kit.kernel.hooks.collect.run(new SnapshotDraft(), kit.cycle)).finish(new Date())
  } finally {
    await kit.kernel.dispose()
  }
}

test('reads the pool', async () => {
  const { metrics } = await collect(hostWith('256\n'))
  assert.deepEqual(metrics, [{ name: 'entropy.available_bits', value: 256, unit: 'bits', source: '@acme/semantos-telemetry-entropy' }])
})

test('a kernel without the file is a missing metric, not a crash', async () => {
  const { metrics, missing } = await collect(hostWith('256\n'), '/gone')
  assert.deepEqual(metrics, [])
  assert.match(missing[0]?.reason ?? '', /ENOENT/)
})

test('nonsense is an error that names the file', async () => {
  await assert.rejects(collect(hostWith('much\n')), { code: 'SEMANTOS_E_DATA_INVALID', place: '/avail' })
})

test('an option that is wrong is refused', () => {
  assert.equal(entropy({ path: 'relative' }).prepare().success, false)
})
