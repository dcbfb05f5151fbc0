import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { catalogue, CHANGES, exported, hostile, missing, sameAs } from '../../../../tests/exchange/exporting.js'
import { importSysctlD } from '../import/sysctl-d.js'

const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'semantos-export-')))
afterAll(() => rmSync(temporary, { recursive: true }))

describe('sysctl.d', () => {
  it('is a drop-in with a reason for each line', () => {
    expect(exported('sysctl.d', CHANGES)).toMatchInlineSnapshot(`
      {
        "left": [
          {
            "knob": "block.read_ahead_kb[vda]",
            "reason": "/sys/block/vda/queue/read_ahead_kb is not below /proc/sys",
            "value": "4096",
          },
          {
            "knob": "thp.enabled",
            "reason": "/sys/kernel/mm/transparent_hugepage/enabled is not below /proc/sys",
            "value": "madvise",
          },
        ],
        "text": "# Kernel parameters of a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z, exported by SemantOS.

      # vm.swappiness = 10, was 60: less swapping
      vm.swappiness = 10

      # net.core.somaxconn = 8192, was 4096: accept queues overflowed 12 times a second # and "more"
      net.core.somaxconn = 8192

      # net.ipv4.tcp_rmem = 4096 131072 16777216, was 4096 131072 6291456: because
      net.ipv4.tcp_rmem = 4096 131072 16777216

      # fs.mqueue.msg_max = 100, was 10: because
      fs.mqueue.msg_max = 100
      ",
      }
    `)
  })

  it('names an interface that has a dot in its name with slashes', () => {
    expect(exported('sysctl.d', [{ knob: 'net.ipv4.conf.medium_id[eth0.100]', from: 0, to: 1 }]).text).toContain('\nnet/ipv4/conf/eth0.100/medium_id = 1\n')
  })

  it('means the same when it is read back, whatever the values and reasons', () => {
    fc.assert(
      fc.property(hostile, (changes) => {
        const result = exported('sysctl.d', changes)
        const files = { read: () => result.text, list: () => [] }
        const { settings, unmapped } = importSysctlD(['f'], files, catalogue)
        sameAs(changes, settings, result)
        expect(unmapped).toEqual([])
      }),
    )
  })

  it.skipIf(missing('sysctl'))('is understood by sysctl -p (needs procps; nothing is written)', () => {
    const file = join(temporary, 'drop-in.conf')
    writeFileSync(file, exported('sysctl.d', CHANGES).text)
    const { stdout, stderr, status } = spawnSync('sysctl', ['--dry-run', '-p', file], { encoding: 'utf8' })
    expect({ stdout, stderr, status }).toEqual({ stdout: 'vm.swappiness = 10\nnet.core.somaxconn = 8192\nnet.ipv4.tcp_rmem = 4096 131072 16777216\nfs.mqueue.msg_max = 100\n', stderr: '', status: 0 })
  })
})
