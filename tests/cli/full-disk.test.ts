import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { CONFIG, FILES, FakeHost } from './fake-host.js'
import { tree, workspace } from './semantos.js'
import { type SmallDisk, mayMount, smallDisk } from './small-disk.js'

const OLD = 'what an earlier run left\n'
const RESULTS = ['run.json', 'summary.csv', 'trials.csv']
/** The first step is the last to be taken back. */
const FIRST_STEP_TAKEN_BACK = /# --- APPLY @ [\s\S]*# --- ROLLBACK @ \S+ ---\nkernel\.numa_balancing = 0\nnet\.core\.netdev_max_backlog = 1000\nnet\.core\.somaxconn = 4096\n$/

/** Everything of a run in one folder, which has a small disk in it. */
describe.skipIf(!mayMount)('a full disk (needs leave to mount in a namespace of its own)', () => {
  let folder = ''
  beforeEach(() => void (folder = workspace('full')))

  function config(results: string): void {
    const paths = JSON.stringify({ results, sandbox: 'sandbox.conf', knowledge: 'kb', backup: 'backup' })
    writeFileSync(join(folder, 'semantos.config.mjs'), `import { reproduction } from '@semantos/preset-reproduction'\nexport default { ...reproduction(), paths: ${paths} }\n`)
  }

  /** Results of an earlier run. */
  function leaveResults(disk: SmallDisk, results: string): void {
    mkdirSync(disk.at(results))
    for (const name of RESULTS) writeFileSync(join(disk.at(results), name), OLD)
  }

  function mustHaveOldResults(disk: SmallDisk, results: string): void {
    expect(readdirSync(disk.at(results)).sort()).toEqual(RESULTS)
    for (const name of RESULTS) expect(readFileSync(join(disk.at(results), name), 'utf8')).toBe(OLD)
  }

  test('under the sandbox file: told before anything is written, and the file stays as it was', async () => {
    config('results')
    using disk = await smallDisk(join(folder, 'disk'), 4)
    const sandbox = join(folder, 'disk', 'sysctl.conf')
    writeFileSync(disk.at(sandbox), OLD)
    disk.fill()
    const before = tree(folder)
    const ended = await disk.semantos(folder, '--trials', '2', '--sandbox', sandbox)
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toMatch(/the disk is full \(ENOSPC\) \[SEMANTOS_E_WRITE_FAILED\]\n  at: +\S+\/disk\/sysctl\.conf\n[\s\S]*next: +Free space on this disk/)
    expect(readdirSync(disk.at(join(folder, 'disk'))).sort()).toEqual(['fill', 'sysctl.conf'])
    expect(readFileSync(disk.at(sandbox), 'utf8')).toBe(OLD)
    expect(tree(folder)).toEqual(before)
  })

  test('under the results: told before anything is applied, and the old results stay', async () => {
    config('disk/results')
    using disk = await smallDisk(join(folder, 'disk'), 8)
    leaveResults(disk, join(folder, 'disk', 'results'))
    disk.fill()
    const before = tree(folder)
    const ended = await disk.semantos(folder, '--trials', '2')
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toMatch(/the disk is full \(ENOSPC\) \[SEMANTOS_E_WRITE_FAILED\]\n  at: +\S+\/disk\/results\/\w+\.\w+\n[\s\S]*next: +Free space on this disk/)
    mustHaveOldResults(disk, join(folder, 'disk', 'results'))
    expect(tree(folder)).toEqual(before)
  })

  test.each([
    { name: 'with the sandbox elsewhere', sandbox: 'sandbox.conf' },
    { name: 'with the sandbox on the same disk', sandbox: 'disk/sandbox.conf' },
  ])('filled by the results themselves, $name: what was applied is taken back, and the old results stay', async ({ sandbox }) => {
    config('disk/results')
    using disk = await smallDisk(join(folder, 'disk'), 10)
    leaveResults(disk, join(folder, 'disk', 'results'))
    const ended = await disk.semantos(folder, '--trials', '400', '--sandbox', join(folder, sandbox))
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toMatch(/the disk is full \(ENOSPC\) \[SEMANTOS_E_WRITE_FAILED\]\n  at: +\S+\/disk\/results\/trials\.csv\n[\s\S]*next: +Free space on this disk/)
    mustHaveOldResults(disk, join(folder, 'disk', 'results'))
    expect(readFileSync(disk.at(join(folder, sandbox)), 'utf8')).toMatch(FIRST_STEP_TAKEN_BACK)
    expect(existsSync(join(folder, 'kb'))).toBe(false)
  })

  test('filled by the last report: what was applied is taken back, and every result is still the old one', async () => {
    config('disk/results')
    using disk = await smallDisk(join(folder, 'disk'), 8)
    const results = join(folder, 'disk', 'results')
    leaveResults(disk, results)
    const ended = await disk.semantos(folder, '--trials', '2')
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toMatch(/the disk is full \(ENOSPC\) \[SEMANTOS_E_WRITE_FAILED\]\n  at: +\S+\/disk\/results\/run\.json\n/)
    mustHaveOldResults(disk, results)
    expect(readFileSync(join(folder, 'sandbox.conf'), 'utf8')).toMatch(FIRST_STEP_TAKEN_BACK)
  })

  test('under the backup of an applied plan: the values are taken back', async () => {
    const host = new FakeHost()
    using disk = await smallDisk(join(folder, 'disk'), 1)
    disk.fill()
    const config = join(folder, 'semantos.config.mjs')
    writeFileSync(config, `import config from ${JSON.stringify(CONFIG)}\nexport default { ...config, paths: { ...config.paths, backup: 'disk/backup' } }\n`)
    await host.withConfig('plan', '--out', join(folder, 'plan.json'))
    const ended = await disk.semantos(folder, 'apply', 'plan.json', '--yes', ...host.here)
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toMatch(/the disk is full \(ENOSPC\) \[SEMANTOS_E_WRITE_FAILED\]\n  at: +\S+\/disk\/backup\/sysctl_backup\.json\n/)
    expect(host.read('proc/sys/vm/swappiness')).toBe(FILES['proc/sys/vm/swappiness'])
    expect(host.read('proc/sys/net/core/somaxconn')).toBe(FILES['proc/sys/net/core/somaxconn'])
    expect(await host.semantos('status')).toMatchObject({ status: 0, stdout: 'nothing is applied\n' })
  })
})
