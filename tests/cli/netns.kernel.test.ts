import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TestNamespace, mayTouchKernel } from '../faults/kernel.js'
import { CONFIG } from './fake-host.js'
import { scratch, semantos, workspace } from './semantos.js'

const FILE = '/proc/sys/net/core/somaxconn'

describe.skipIf(!mayTouchKernel)('a run with --netns, looked at from outside (needs root)', () => {
  const folder = workspace('netns')
  const here = ['--state-dir', join(scratch('state'), 'journal')]
  writeFileSync(join(folder, 'semantos.config.mjs'), `import fixed from '@semantos/reasoning-fixed'\nimport config from ${JSON.stringify(CONFIG)}\nexport default { ...config, reasoning: fixed({ values: { 'net.core.somaxconn': 8192 } }) }\n`)

  test('a plan says what is read-only there, and is for that namespace alone', async () => {
    const before = readFileSync(FILE, 'utf8')
    const config = join(folder, 'shared.config.mjs')
    // rmem_max is the host's to set: inside another namespace its file has no write bit, and with older kernels is not there.
    writeFileSync(config, `import { host } from '@semantos/preset-host'\nimport fixed from '@semantos/reasoning-fixed'\nexport default { ...host(), report: [], reasoning: fixed({ values: { 'net.core.somaxconn': 8192, 'net.core.rmem_max': ${Number(readFileSync('/proc/sys/net/core/rmem_max', 'utf8')) + 4096} } }) }\n`)
    await using namespace = await TestNamespace.create()
    const planned = await semantos(folder, 'plan', '--out', 'shared.json', '--netns', namespace.spec, '--config', config)
    expect(planned.stdout).toMatch(/^net\.core\.rmem_max .* (read-only|absent) /m)
    const elsewhere = await semantos(folder, 'apply', 'shared.json', '--yes', '--config', config, ...here)
    expect(elsewhere).toMatchObject({ status: 3, stdout: '' })
    expect(elsewhere.stderr).toMatch(/made for the network namespace \d+, and is applied to the host's own network namespace \[SEMANTOS_E_PLAN_STALE\]/)
    expect(readFileSync(FILE, 'utf8')).toBe(before)
    expect(await semantos(folder, 'apply', 'shared.json', '--yes', '--config', config, '--netns', namespace.spec, ...here)).toMatchObject({ status: 0 })
    expect(namespace.read([FILE])).toBe('8192\n')
    expect(await semantos(folder, 'rollback', ...here)).toMatchObject({ status: 0 })
  })

  test('status and diff read in its namespace while that is there, say gone when it is not, and never speak of the host', async () => {
    const before = readFileSync(FILE, 'utf8')
    const status = async () => (await semantos(folder, 'status', ...here)).stdout
    let run = ''
    {
      await using namespace = await TestNamespace.create()
      const inside = ['--netns', namespace.spec]
      expect(await semantos(folder, 'plan', '--out', 'plan.json', ...inside)).toMatchObject({ status: 0 })
      expect(await semantos(folder, 'apply', 'plan.json', '--yes', ...inside, ...here)).toMatchObject({ status: 0 })
      expect(namespace.read([FILE])).toBe('8192\n')

      expect(await status()).toMatch(/net\.core\.somaxconn +\d+ -> 8192 +now 8192 +ours\n/)
      run = /^(\S+): applied/.exec(await status())?.[1] ?? ''
      expect((await semantos(folder, 'diff', run, ...here)).stdout).toBe(`no difference between ${run} and now\n`)
      execFileSync(namespace.prefix[0] ?? '', [...namespace.prefix.slice(1), 'sh', '-c', `echo 555 > ${FILE}`])
      expect(await status()).toMatch(/net\.core\.somaxconn +\d+ -> 8192 +now 555 +other\n/)
      expect((await semantos(folder, 'diff', run, ...here)).stdout).toMatch(/net\.core\.somaxconn +8192 +555\n/)
    }
    expect(await status()).toMatch(/net\.core\.somaxconn +\d+ -> 8192 +now - +gone\n/)
    expect((await semantos(folder, 'diff', run, ...here)).stdout).toMatch(/net\.core\.somaxconn +8192 +its network namespace is gone\n/)
    expect((await semantos(folder, 'rollback', ...here)).stdout).toMatch(/net\.core\.somaxconn +discarded /)
    expect(await status()).toBe('nothing is applied\n')
    expect(readFileSync(FILE, 'utf8')).toBe(before)
  })
})
