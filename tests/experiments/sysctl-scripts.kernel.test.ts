import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { scratch, top } from '../cli/semantos.js'
import { mayTouchKernel } from '../faults/kernel.js'

const FILES = [
  'kernel/numa_balancing', 'net/core/netdev_max_backlog', 'net/core/somaxconn', 'vm/dirty_background_bytes', 'vm/dirty_background_ratio', 'vm/dirty_bytes', 'vm/dirty_ratio', 'vm/swappiness',
].map((path) => join('/proc/sys', path))

describe.skipIf(!mayTouchKernel)('the scripts on the real kernel (needs root)', () => {
  test('apply, and rollback to the byte; the backup holds the values before; no number of a model stands beside real writes', () => {
    const state = join(scratch('state'), 'journal')
    const bytes = () => FILES.map((file) => readFileSync(file, 'latin1'))
    const run = (script: string, ...words: string[]) => spawnSync('bash', [`experiments/${script}`, ...words, '--state-dir', state], { cwd: top, encoding: 'utf8' })
    const before = bytes()
    try {
      const applied = run('run_sysctl_apply.sh', '--yes')
      expect(applied).toMatchObject({ status: 0, stderr: '' })
      expect(applied.stdout).toMatch(/^Telemetry, .* is of a synthetic host\. /)
      expect(applied.stdout).toMatch(/\nnot measured: [^\n]*\n\napplied as \S+: \d changes; to take them back: semantos rollback --run [^\n]*\n$/)
      expect(readFileSync('/proc/sys/net/core/somaxconn', 'utf8')).toBe('32768\n')
      const backup = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(top, 'experiments/backup/sysctl_backup.json'), 'utf8')))
      expect(`${backup['net.core.somaxconn'] ?? ''}\n`).toBe(before[FILES.indexOf('/proc/sys/net/core/somaxconn')])
    } finally {
      expect(run('run_sysctl_rollback.sh')).toMatchObject({ status: 0, stderr: '' })
    }
    expect(bytes()).toEqual(before)
  })
})
