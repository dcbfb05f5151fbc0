import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { knobOf } from '../../../../tests/faults/fake-root.js'
import { Catalogue, Knob } from '@semantos/core'
import type { Files } from './imported.js'
import { importSysctlD, sysctlFiles } from './sysctl-d.js'

const knobs = Knob.array().parse(JSON.parse(readFileSync(new URL('../fixtures/knobs.json', import.meta.url), 'utf8')))
const perInterface = knobOf('net.ipv4.conf.forwarding', { where: { path: 'net/ipv4/conf/*/forwarding', per: 'net-device', netns: 'namespaced' } })
const catalogue = Catalogue.of([...knobs, perInterface])

function filesOf(contents: Readonly<Record<string, string>>): Files {
  const names = Object.keys(contents)
  return {
    read: (path) => contents[path] ?? null,
    list: (folder) => names.filter((name) => name.startsWith(`${folder}/`)).map((name) => name.slice(folder.length + 1)),
  }
}

/** Settings and what is left of one file, as short texts. */
function read(text: string): { set: string[]; left: string[] } {
  const { settings, unmapped } = importSysctlD(['f'], filesOf({ f: text }), catalogue)
  return {
    set: settings.map(({ knob, value, source }) => `${knob}=${JSON.stringify(value)} @${source.line}`),
    left: unmapped.map(({ key, value, reason, source }) => `${key}=${value} @${source.line}: ${reason}`),
  }
}

describe('a sysctl.d file', () => {
  it('has comments of # and ;, blank lines, and white space around key and value', () => {
    expect(read('# a\n; b\n\n  vm.swappiness =  10  \n').set).toEqual(['vm.swappiness=10 @4'])
  })

  it('parts a name by dots or by slashes, whichever comes first', () => {
    expect(read('vm/swappiness=1').set).toEqual(['vm.swappiness=1 @1'])
    expect(read('net.ipv4.conf.eth0/100.forwarding=1').set).toEqual(['net.ipv4.conf.forwarding[eth0.100]=1 @1'])
    expect(read('net/ipv4/conf/eth0.100/forwarding=1').set).toEqual(['net.ipv4.conf.forwarding[eth0.100]=1 @1'])
  })

  it('reads vectors and words in the type of the knob', () => {
    expect(read('net.ipv4.tcp_rmem = 4096\t131072  6291456\nnet.ipv4.tcp_congestion_control=bbr\nkernel.sem=250 32000 100 128').set).toEqual([
      'net.ipv4.tcp_rmem=[4096,131072,6291456] @1',
      'net.ipv4.tcp_congestion_control="bbr" @2',
      'kernel.sem=[250,32000,100,128] @3',
    ])
  })

  it('forgives errors behind a dash, which changes nothing here', () => {
    expect(read('-vm.swappiness = 10').set).toEqual(['vm.swappiness=10 @1'])
  })

  it('lets a later line replace an earlier one, however each is spelt', () => {
    expect(read('vm.swappiness=1\nnet.core.somaxconn=512\nvm/swappiness=2').set).toEqual(['net.core.somaxconn=512 @2', 'vm.swappiness=2 @3'])
  })

  it('sets what a pattern matches, but for what has a line of its own or is taken out', () => {
    expect(read('vm.dirty_ratio=20\nvm.dirty_*ratio=30').set).toEqual(['vm.dirty_background_ratio=30 @2', 'vm.dirty_ratio=20 @1'])
    expect(read('vm.dirty_*ratio=30\n-vm.dirty_ratio').set).toEqual(['vm.dirty_background_ratio=30 @1'])
    expect(read('net.ipv4.conf.*.forwarding=1\nnet.ipv4.conf.eth1.forwarding=0\n-net.ipv4.conf.lo.forwarding').set).toEqual([
      'net.ipv4.conf.forwarding[*,!eth1,!lo]=1 @1',
      'net.ipv4.conf.forwarding[eth1]=0 @2',
    ])
  })

  it('says what of a pattern the catalogue has', () => {
    expect(read('net.ipv4.conf.*.arp_announce=2')).toEqual({
      set: ['net.ipv4.conf.all.arp_announce=2 @1'],
      left: ['net.ipv4.conf.*.arp_announce=2 @1: of what it stands for, the catalogue has only net.ipv4.conf.all.arp_announce'],
    })
  })

  it('lists what it cannot map, with line and reason', () => {
    expect(read('kernel.sysrq=0\nnonsense\nvm.swappiness=9999\nvm.swappiness\n=5\nnet.core.somaxconn=\nkernel.shmall=18446744073692774399').left).toEqual([
      'nonsense= @2: it is not key = value',
      'vm.swappiness= @4: it is not key = value',
      '=5= @5: it is not key = value',
      'kernel.sysrq=0 @1: it is not in the catalogue',
      'vm.swappiness=9999 @3: vm.swappiness = 9999 is outside what the kernel accepts, 0..200',
      'net.core.somaxconn= @6: it is empty, or more than one line',
      'kernel.shmall=18446744073692774399 @7: the number is too large to be held exactly (2^53 and more)',
    ])
  })

  it('never fails, and accounts for every line', () => {
    const key = fc.constantFrom('vm.swappiness', 'vm/swappiness', '-vm.swappiness', 'vm.dirty_*', '*.*', 'net.ipv4.conf.*.forwarding', 'net.ipv4.conf.a/b.forwarding', '-', '', '[', '[z-a]', 'x')
    const line = fc.oneof(fc.string(), fc.tuple(key, fc.constantFrom('=', ' = ', ''), fc.oneof(fc.string(), fc.constantFrom('1', '-1', '1 2 3'))).map((parts) => parts.join('')))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const { settings, unmapped } = importSysctlD(['f'], filesOf({ f: lines.join('\n') }), catalogue)
        for (const { knob, value } of settings) {
          expect(catalogue.get(knob)).toBeDefined()
          expect(value).not.toBe('')
        }
        for (const { reason, source } of unmapped) expect([reason.length > 0, source.line > 0]).toEqual([true, true])
      }),
    )
  })
})

describe('sysctl.d folders', () => {
  const contents = {
    '/etc/sysctl.d/60-b.conf': 'vm.swappiness=1',
    '/etc/sysctl.d/90-masked.conf': '',
    '/etc/sysctl.d/README': 'vm.swappiness=99',
    '/run/sysctl.d/60-b.conf': 'vm.swappiness=2',
    '/run/sysctl.d/70-c.conf': 'vm.dirty_ratio=11',
    '/usr/local/lib/sysctl.d/70-c.conf': 'vm.dirty_ratio=12',
    '/usr/lib/sysctl.d/10-a.conf': 'vm.swappiness=3\nnet.core.somaxconn=512',
    '/usr/lib/sysctl.d/90-masked.conf': 'net.core.somaxconn=1024',
  }

  it('are read by file name, and a file hides its namesakes in folders behind', () => {
    expect(sysctlFiles(filesOf(contents))).toEqual(['/usr/lib/sysctl.d/10-a.conf', '/etc/sysctl.d/60-b.conf', '/run/sysctl.d/70-c.conf', '/etc/sysctl.d/90-masked.conf'])
  })

  it('let the later file have the last word', () => {
    const files = filesOf(contents)
    const { settings } = importSysctlD(sysctlFiles(files), files, catalogue)
    expect(settings.map(({ knob, value, source }) => [knob, value, source.file])).toEqual([
      ['net.core.somaxconn', 512, '/usr/lib/sysctl.d/10-a.conf'],
      ['vm.swappiness', 1, '/etc/sysctl.d/60-b.conf'],
      ['vm.dirty_ratio', 11, '/run/sysctl.d/70-c.conf'],
    ])
  })

  const tool = '/usr/lib/systemd/systemd-sysctl'
  it.skipIf(!existsSync(tool))('are read in the order in which systemd reads them on this host (needs systemd)', () => {
    const here: Files = { read: (path) => readFileSync(path, 'utf8'), list: (folder) => (existsSync(folder) ? readdirSync(folder) : []) }
    const shown = execFileSync(tool, ['--cat-config'], { encoding: 'utf8' })
    const order = [...shown.matchAll(/^# (\/\S+\.conf)$/gm)].map(([, path]) => path)
    expect(sysctlFiles(here)).toEqual(order)
  })
})
