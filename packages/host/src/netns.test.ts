import { statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { enterNetns } from './netns.js'

const linux = process.platform === 'linux'

describe('a network namespace', () => {
  test.skipIf(!linux)('is found by a process inside, and the command to start again there is given', () => {
    expect(enterNetns(String(process.pid))).toEqual({
      scope: { kind: 'netns', name: String(process.pid), path: `/proc/${process.pid}/ns/net`, inode: statSync('/proc/self/ns/net').ino },
      inside: true,
      command: ['nsenter', `--net=/proc/${process.pid}/ns/net`, '--', process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    })
  })

  test.each(['', '..', '../../etc/passwd', '/proc/1/ns/net', 'a b', '-1', '0', 'x\n', 'a'.repeat(65)])('%j is refused', (spec) => {
    expect(() => enterNetns(spec)).toThrow(/neither the name|there is no network namespace/)
  })

  test('that there is not is named', () => {
    expect(() => enterNetns('no-such-namespace')).toThrow(/there is no network namespace 'no-such-namespace'/)
    // No process has a number as high as this, proc_sys_kernel(5).
    expect(() => enterNetns('4194304')).toThrow(/there is no network namespace '4194304'/)
  })
})
