import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { geteuid } from 'node:process'
import { beforeAll, describe, expect, test } from 'vitest'
import { CONFIG, FakeHost } from './fake-host.js'
import { type Ended, bin, workspace } from './semantos.js'

const NOBODY = 65534

const host = new FakeHost()
const folder = workspace('nobody')
const config = join(folder, 'semantos.config.mjs')

/** As a user who may not read the journals. */
function asNobody(...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...words, ...host.here], { cwd: folder, uid: NOBODY, gid: NOBODY }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr })
    })
  })
}

describe.skipIf(geteuid?.() !== 0)("journals that are root's (skipped for others, who have none to hide)", () => {
  let run = ''
  beforeAll(async () => {
    await host.withConfig('plan', '--out', join(host.root, 'plan.json'))
    const { stdout } = await host.withConfig('apply', join(host.root, 'plan.json'), '--yes', '--confirm-within', '10m')
    run = /applied as (\S+):/.exec(stdout)?.[1] ?? 'none'
    copyFileSync(CONFIG, config)
    for (const path of [folder, host.root]) chmodSync(path, 0o755)
    return async () => void (await host.semantos('rollback'))
  })

  test.each(['status', 'history', 'history show RUN', 'diff RUN', 'confirm', 'rollback', 'rollback --dry-run'])('%s says so, and not that nothing is applied', async (command) => {
    const ended = await asNobody(...command.replace('RUN', run).split(' '))
    expect(ended).toMatchObject({ status: 3, stdout: '' })
    expect(ended.stderr).toContain(`the journals in ${host.state} are another user's [SEMANTOS_E_JOURNAL_UNREADABLE]\n`)
    expect(ended.stderr).toMatch(/\n {2}next: +Run the same command as root, with sudo\.\n$/)
    expect(host.read('proc/sys/vm/swappiness').trim()).toBe('10')
  })

  test('a folder that all may read, with journals that they may not', async () => {
    chmodSync(host.state, 0o755)
    for (const command of ['status', 'confirm', 'rollback']) expect((await asNobody(command)).stderr).toContain('SEMANTOS_E_JOURNAL_UNREADABLE')
    chmodSync(host.state, 0o700)
  })

  test('doctor shows its screen, and that it cannot tell', async () => {
    const { status, stdout } = await asNobody('doctor', '--config', config)
    expect(stdout).toMatch(/^kernel +6\.18\.0-test/)
    expect(stdout).toContain(`unknown: the journals in ${host.state} are another user's (sudo semantos doctor)`)
    expect(status).toBe(1)
  })
})
