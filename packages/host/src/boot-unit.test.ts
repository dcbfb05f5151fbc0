import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fakeRoot, put } from '../../../tests/faults/fake-root.js'
import { openRun, stateDir, writableHost } from '../../../tests/faults/writing.js'
import { bootUnit } from './boot-unit.js'

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

function written(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'semantos-unit-')), bootUnit().name)
  writeFileSync(file, bootUnit({ stateDir: '/var/lib' }).text)
  return file
}

describe('the unit for boot', () => {
  test('its command line, read as systemd reads it, takes back what nobody confirmed', async () => {
    const root = fakeRoot({ 'proc/sys/kernel/random/boot_id': 'this' })
    const dir = stateDir()
    const run = await openRun(root, dir)
    await writableHost(run, []).persist([{ path: '/etc/sysctl.d/99-semantos.conf', text: 'vm.swappiness = 1\n' }], 'test')
    run.lock.release()
    put(root, { 'proc/sys/kernel/random/boot_id': 'next' })
    const command = /^ExecStart=(.*)$/m.exec(bootUnit({ stateDir: dir, root }).text)?.[1] ?? ''
    execFileSync('sh', ['-c', command.replaceAll('%%', '%').replaceAll('$$', '$')])
    expect(() => readFileSync(join(root, 'etc/sysctl.d/99-semantos.conf'))).toThrow(/ENOENT/)
  })

  test.skipIf(!hasSystemd)('is a valid unit (needs systemd-analyze)', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', written()], { encoding: 'utf8' })
    expect({ status, stderr: stderr.split('\n').filter((line) => line.includes('semantos-guard.service')) }).toEqual({ status: 0, stderr: [] })
  })

  test.skipIf(!hasSystemd)('is hardened (needs systemd-analyze)', () => {
    const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', written()], { encoding: 'utf8' })
    const exposure = Number(/Overall exposure level for .*: (\d+\.\d+)/.exec(stdout)?.[1])
    expect(exposure).toBeLessThan(5)
  })
})
