import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, CHANGES, exported, hostile, sameAs, type Wish } from '../../../../tests/exchange/exporting.js'
import type { Setting } from '../import/imported.js'
import { importTuned } from '../import/tuned.js'

/** The one that Debian's tuned is installed for. */
const PYTHON = '/usr/bin/python3'
const LOADER = `
import json, sys
from tuned.profiles.factory import Factory
from tuned.profiles.loader import Loader
from tuned.profiles.locator import Locator
from tuned.profiles.merger import Merger
from tuned.profiles.variables import Variables
from tuned.utils.global_config import GlobalConfig
profile = Loader(Locator([sys.argv[1]]), Factory(), Merger(), GlobalConfig(), Variables()).load(['exported'])
print(json.dumps({name: dict(unit.options) for name, unit in profile.units.items()}))`

describe('tuned', () => {
  const MACHINE = { cpuinfo: null, uname: null, virtual: null, governors: null, energyPreferences: null }
  const readBack = (text: string) => importTuned('/p/tuned.conf', { read: () => text, list: () => [] }, ['/p'], catalogue, MACHINE)

  it('is a profile', () => {
    expect(exported('tuned', CHANGES)).toMatchInlineSnapshot(`
      {
        "left": [],
        "text": "# Kernel parameters of a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z, exported by SemantOS.

      [main]
      summary=Kernel parameters exported by SemantOS

      [sysctl]
      # vm.swappiness = 10, was 60: less swapping
      vm.swappiness=10
      # net.core.somaxconn = 8192, was 4096: accept queues overflowed 12 times a second # and "more"
      net.core.somaxconn=8192
      # net.ipv4.tcp_rmem = 4096 131072 16777216, was 4096 131072 6291456: because
      net.ipv4.tcp_rmem=4096 131072 16777216
      # fs.mqueue.msg_max = 100, was 10: because
      fs.mqueue.msg_max=100

      [sysfs]
      # block.read_ahead_kb[vda] = 4096, was 128: because
      /sys/block/vda/queue/read_ahead_kb=4096
      # thp.enabled = madvise, was always: because
      /sys/kernel/mm/transparent_hugepage/enabled=madvise
      ",
      }
    `)
  })

  it('has no words for some names and values, and says so', () => {
    expect(exported('tuned', [{ knob: 'net.ipv4.conf.medium_id[eth0.100]', from: 0, to: 1 }, { knob: 'fs.word', from: 'a', to: '${x}' }]).left).toEqual([
      { knob: 'net.ipv4.conf.medium_id[eth0.100]', value: '1', reason: 'tuned cannot name a parameter that has a dot in a part of its name' },
      { knob: 'fs.word', value: '${x}', reason: 'tuned would read the value as something else' },
    ])
  })

  it('means the same when it is imported, whatever the values and reasons', () => {
    fc.assert(
      fc.property(hostile, (changes) => {
        const result = exported('tuned', changes)
        const { settings, unmapped } = readBack(result.text)
        sameAs(changes, settings, result)
        expect([unmapped, settings.filter(({ condition }: Setting) => condition !== null)]).toEqual([[], []])
      }),
    )
  })

  it.skipIf(spawnSync(PYTHON, ['-c', 'import tuned']).status !== 0)("is read by tuned's own loader (needs tuned)", () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'semantos-tuned-')))
    mkdirSync(join(folder, 'exported'))
    const { text } = exported('tuned', CHANGES)
    writeFileSync(join(folder, 'exported', 'tuned.conf'), text)
    const loaded: unknown = JSON.parse(execFileSync(PYTHON, ['-c', LOADER, folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
    expect(loaded).toEqual({
      sysctl: { 'vm.swappiness': '10', 'net.core.somaxconn': '8192', 'net.ipv4.tcp_rmem': '4096 131072 16777216', 'fs.mqueue.msg_max': '100' },
      sysfs: { '/sys/block/vda/queue/read_ahead_kb': '4096', '/sys/kernel/mm/transparent_hugepage/enabled': 'madvise' },
    })
    rmSync(folder, { recursive: true })
  })

  it('means the same for every knob of the catalogue that has a default', () => {
    const changes = [...catalogue].flatMap((knob): Wish[] => {
      const device = { host: '', 'block-device': '[vda]', cpu: '[cpu0]', 'cpu-policy': '[policy0]', 'cpu-idle-state': '[cpu0:state1]', 'net-device': '[eth0]', 'numa-node': '[node0]', 'hugepage-size': '[hugepages-2048kB]', module: '[m]' }[knob.where.per]
      const isResetByPartner = knob.resets.length > 0 && knob.default === 0
      return knob.default === null || isResetByPartner || knob.where.path.split('*').length > 2 ? [] : [{ knob: `${knob.name}${device}`, from: knob.default, to: knob.default }]
    })
    const result = exported('tuned', changes)
    expect(changes.length).toBeGreaterThan(20)
    sameAs(changes, readBack(result.text).settings, result)
    expect(result.left).toEqual([])
  })
})
