import { execFile } from 'node:child_process'
import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { geteuid } from 'node:process'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Ended, bin, workspace } from './semantos.js'

const NOBODY = 65534
const isRoot = geteuid?.() === 0

let folder = ''
let state = ''
beforeEach(() => {
  folder = workspace('sandbox-apply')
  state = join(folder, 'state')
  writeFileSync(join(folder, 'semantos.config.mjs'), "import { reproduction } from '@semantos/preset-reproduction'\nexport default { ...reproduction(), trials: 2 }\n")
})

/** On this machine itself, where changing the kernel takes root, a lock, a journal and a guard. */
function run(user: object, ...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...words, '--state-dir', state], { cwd: folder, ...user }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr })
    })
  })
}

const sandbox = () => readFileSync(join(folder, 'experiments/sandbox/sysctl.conf'), 'utf8')

describe.each([
  { who: 'this user', user: {}, mayRun: true },
  { who: 'a user without privileges (skipped where this is one)', user: { uid: NOBODY, gid: NOBODY }, mayRun: isRoot },
])('--apply with a sandbox, as $who', ({ user, mayRun }) => {
  beforeEach(() => {
    if (mayRun && 'uid' in user) for (const path of [folder, join(folder, 'semantos.config.mjs')]) chownSync(path, NOBODY, NOBODY)
  })

  test.skipIf(!mayRun)('a run needs no root and keeps no lock, journal or guard', async () => {
    const { status, stdout, stderr } = await run(user, '--applier', 'sandbox', '--apply')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).not.toContain('applied as')
    expect(sandbox()).toContain('\nvm.swappiness = 10\n')
    expect(existsSync(state)).toBe(false)
    expect(existsSync(join(folder, 'experiments/backup'))).toBe(false)
  })

  test.skipIf(!mayRun)('nor does a plan that is applied', async () => {
    expect(await run(user, 'plan', '--applier', 'sandbox', '--out', 'plan.json')).toMatchObject({ status: 0 })
    expect(await run(user, 'apply', 'plan.json', '--yes', '--applier', 'sandbox')).toMatchObject({ status: 0, stderr: '' })
    expect(sandbox()).toContain('\nvm.swappiness = 10\n')
    expect(existsSync(state)).toBe(false)
  })

  test.skipIf(!mayRun)('nothing waits for a confirmation there, which is told before anything is written', async () => {
    for (const words of [['--applier', 'sandbox', '--apply'], []]) {
      const { status, stderr } = await run(user, ...words, '--confirm-within', '10m')
      expect(status).toBe(2)
      expect(stderr).toMatch(/this run changes no kernel, so there is nothing to confirm \[SEMANTOS_E_USAGE\]\n {2}at: +--confirm-within\n {2}next: +Leave it out/)
    }
    expect(existsSync(join(folder, 'experiments/sandbox'))).toBe(false)
  })
})

test.skipIf(!isRoot)('an applier that may write to the kernel needs root all the same (skipped for others, who have none to give up)', async () => {
  for (const path of [folder, join(folder, 'semantos.config.mjs')]) chownSync(path, NOBODY, NOBODY)
  const { status, stderr } = await run({ uid: NOBODY, gid: NOBODY }, '--applier', 'sysctl', '--apply')
  expect(status).toBe(2)
  expect(stderr).toMatch(/changing kernel parameters needs root \[SEMANTOS_E_APPLY_REFUSED\]/)
})

test.each([['run'], ['sweep'], ['run', '--apply']])('semantos %s %s does not measure a workload of this machine on the values of a sandbox', async (...words) => {
  const started = join(folder, 'started')
  writeFileSync(join(folder, 'semantos.config.mjs'), `
import { reproduction } from '@semantos/preset-reproduction'
import command from '@semantos/workload-command'
export default { ...reproduction(), workload: command({ run: ['touch', ${JSON.stringify(started)}], parser: { name: 'jsonl' } }) }
`)
  const { status, stdout, stderr } = await run({}, ...words)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/this config tunes a sandbox; @semantos\/workload-command measures this machine/)
  expect(existsSync(started)).toBe(false)
  expect((await run({}, 'plan')).status).toBe(0)
})
