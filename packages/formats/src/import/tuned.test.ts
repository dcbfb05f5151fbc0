import { existsSync, readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Catalogue, isSemantosError, Knob } from '@semantos/core'
import type { Files, Imported } from './imported.js'
import { PROFILE_FOLDERS } from './tuned-profile.js'
import { importTuned } from './tuned.js'
import type { Machine } from './tuned-variables.js'

const catalogue = Catalogue.of(Knob.array().parse(JSON.parse(readFileSync(new URL('../fixtures/knobs.json', import.meta.url), 'utf8'))))

const MACHINE: Machine = {
  cpuinfo: 'model name\t: AMD EPYC 7763\nflags\t\t: fpu hypervisor',
  uname: 'Linux web1 6.18.0 #1 SMP x86_64',
  virtual: true,
  governors: ['performance', 'schedutil'],
  energyPreferences: ['performance', 'power'],
}

/** Profiles by name, under /etc/tuned; a name with slashes is a path of its own. */
function filesOf(profiles: Readonly<Record<string, string>>): Files {
  const byPath = new Map(Object.entries(profiles).map(([name, text]) => [name.includes('/') ? name : `/etc/tuned/${name}/tuned.conf`, text]))
  return { read: (path) => byPath.get(path) ?? null, list: () => [] }
}

function load(profiles: Readonly<Record<string, string>>, machine: Machine = MACHINE): Imported {
  return importTuned('/etc/tuned/own/tuned.conf', filesOf(profiles), PROFILE_FOLDERS, catalogue, machine)
}

function written({ settings }: Imported): string[] {
  return settings.map(({ knob, value, condition }) => `${knob} ${condition === null ? '' : `(${condition}) `}${JSON.stringify(value)}`)
}

const set = (own: string, machine?: Machine) => written(load({ own }, machine))
const left = (own: string, machine?: Machine) => load({ own }, machine).unmapped.map(({ key, reason }) => `${key}: ${reason}`)

describe('options of a tuned profile', () => {
  it('[sysctl]: by name, quoted or not, in the type of the knob', () => {
    expect(set('[sysctl]\nvm.swappiness=10\nnet.ipv4.tcp_rmem="4096 87380 16777216"\nkernel.sem = 250 32000 100 128\n')).toEqual([
      'vm.swappiness 10',
      'net.ipv4.tcp_rmem [4096,87380,16777216]',
      'kernel.sem [250,32000,100,128]',
    ])
  })

  it('[sysctl]: of two halves that reset each other, the one that is not 0, else the later', () => {
    const both = '[sysctl]\nvm.dirty_ratio=0\nvm.dirty_bytes=536870912\nvm.dirty_background_bytes=67108864\nvm.dirty_background_ratio=0'
    expect(set(both)).toEqual(['vm.dirty_bytes 536870912', 'vm.dirty_background_bytes 67108864'])
    expect(left(both)).toEqual(['vm.dirty_ratio: vm.dirty_bytes is set as well, and resets it', 'vm.dirty_background_ratio: vm.dirty_background_bytes is set as well, and resets it'])
    expect(set('[sysctl]\nvm.dirty_bytes=536870912\nvm.dirty_ratio=30')).toEqual(['vm.dirty_ratio 30'])
    expect(set('[sysctl]\nvm.dirty_ratio=30\nvm.dirty_bytes=536870912')).toEqual(['vm.dirty_bytes 536870912'])
  })

  it('[sysctl]: > and < before a value set it only where that raises or lowers what stands', () => {
    expect(set('[sysctl]\nnet.core.somaxconn=>2048\nvm.swappiness=<30\nvm.dirty_ratio = > 20')).toEqual([
      'net.core.somaxconn (raise only) 2048',
      'vm.swappiness (lower only) 30',
      'vm.dirty_ratio (raise only) 20',
    ])
    expect(left('[sysctl]\nkernel.sem=>250 32000 100 128')).toEqual(['kernel.sem: only a whole number can be compared with the value that stands'])
  })

  it('[vm]: huge pages, and dirty limits in bytes or percent', () => {
    expect(set('[vm]\ntransparent_hugepages=never\ntransparent_hugepage.defrag=defer+madvise\ndirty_bytes=10%\ndirty_background_bytes=5 %')).toEqual([
      'thp.enabled "never"', 'thp.defrag "defer+madvise"', 'vm.dirty_ratio 10', 'vm.dirty_background_ratio 5',
    ])
    expect(set('[vm]\ntransparent_hugepage=always\ndirty_bytes=67108864')).toEqual(['thp.enabled "always"', 'vm.dirty_bytes 67108864'])
    expect(left('[vm]\ntransparent_hugepages=sometimes\nmore=1')).toEqual([
      'transparent_hugepages: thp.enabled = sometimes is not one of always, madvise, never',
      "more: tuned's plugin 'vm' has no option 'more' that is known here",
    ])
  })

  it('[disk]: read-ahead in KiB or sectors, and the scheduler, on the disks that tuned takes or those it is told', () => {
    expect(set('[disk]\nreadahead=>4096\nelevator=mq-deadline')).toEqual(['block.read_ahead_kb[sd*,vd*,xvd*,nvme*] (raise only) 4096', 'block.scheduler[sd*,vd*,xvd*,nvme*] "mq-deadline"'])
    expect(set('[disk]\ndevices=sda, nvme0n? !sdb\nreadahead=8193 s')).toEqual(['block.read_ahead_kb[sda,nvme0n?,!sdb] 4096'])
    expect(set('[disk]\ndevices=!sdb\nreadahead=128')).toEqual(['block.read_ahead_kb[sd*,vd*,xvd*,nvme*,!sdb] 128'])
    expect(left('[disk]\ndevices=sd[ab]\nreadahead=128\n[more]\ntype=disk\nreadahead=x\nreadahead_multiply=2\napm=128\nspindown=6\nscheduler_quantum=64\ndynamic=0')).toEqual([
      'readahead: the read-ahead is not a number',
      'readahead_multiply: it is a multiple of what stands, which a fixed value cannot say',
      'apm: it is a command to the drive (hdparm)',
      'spindown: it is a command to the drive (hdparm)',
      'scheduler_quantum: only the scheduler CFQ had it, which left the kernel in 5.0',
      'dynamic: it steers the tuned service, which watches the load',
      "readahead: its devices 'sd[ab]' are not patterns of * and ?",
    ])
  })

  it('[cpu]: the first alternative that the machine offers', () => {
    expect(set('[cpu]\ngovernor=conservative|schedutil\nenergy_performance_preference=balance_power|power\nenergy_perf_bias=powersave|power\nmin_perf_pct=100\nno_turbo=true\nboost=0')).toEqual([
      'cpufreq.governor "schedutil"',
      'cpufreq.energy_performance_preference "power"',
      'cpu.energy_perf_bias 15',
      'intel_pstate.min_perf_pct 100',
      'intel_pstate.no_turbo 1',
      'cpufreq.boost 0',
    ])
    expect(set('[cpu]\ndevices=cpu0,cpu1\npm_qos_resume_latency_us=100')).toEqual(['cpu.pm_qos_resume_latency_us[cpu0,cpu1] 100'])
    expect(left('[cpu]\ngovernor=a|b\nforce_latency=cstate.id_no_zero:1|3\nenergy_perf_bias=odd\n')).toEqual([
      'governor: this machine offers none of these, but performance, schedutil',
      'force_latency: tuned holds /dev/cpu_dma_latency open while it runs; cpu.pm_qos_resume_latency_us is the nearest knob',
      'energy_perf_bias: none of these is an energy bias',
    ])
    expect(left('[cpu]\ngovernor=a|b', { ...MACHINE, governors: null })).toEqual(['governor: which of these this machine offers is not known here'])
    expect(left('[cpu]\ndevices=cpu0\ngovernor=performance')).toEqual(['governor: it is meant for some CPUs, and the knob is one a frequency domain'])
  })

  it('[net]: the conntrack table and the queue length; what ethtool sets is left', () => {
    expect(set('[net]\nnf_conntrack_hashsize=1048576\ntxqueuelen=5000')).toEqual(['net.netfilter.nf_conntrack_buckets 1048576', 'netdev.tx_queue_len[en*,eth*,ib*,wl*,ww*] 5000'])
    expect(left('[net]\ncoalesce=rx-usecs 3\nmtu=9000')).toEqual(['coalesce: it is a setting of the network card (ethtool, ip link)', 'mtu: it is a setting of the network card (ethtool, ip link)'])
  })

  it('[scheduler]: by its place in debugfs, else by its place before 5.13; no affinities', () => {
    expect(set('[scheduler]\nsched_migration_cost_ns=5000000\nnuma_balancing_scan_size_mb=256')).toEqual(['sched.migration_cost_ns 5000000', 'sched.numa_balancing.scan_size_mb 256'])
    expect(left('[scheduler]\nisolated_cores=2\ngroup.x=0:f:2:*:^x')).toHaveLength(2)
    const old = Catalogue.of([...catalogue].filter(({ name }) => name !== 'sched.migration_cost_ns'))
    const files = filesOf({ own: '[scheduler]\nsched_migration_cost_ns=5000000' })
    expect(written(importTuned('/etc/tuned/own/tuned.conf', files, PROFILE_FOLDERS, old, MACHINE))).toEqual(['kernel.sched_migration_cost_ns 5000000'])
  })

  it('[sysfs]: by path, also of debugfs, with patterns of devices', () => {
    expect(set('[sysfs]\n/sys/block/sd*/queue/scheduler=bfq\n/sys/kernel/debug/sched/migration_cost_ns=1\n/sys//module/zswap/./parameters/enabled=Y\n/sys/kernel/mm/ksm/run = 2')).toEqual([
      'block.scheduler[sd*] "bfq"', 'sched.migration_cost_ns 1', 'zswap.enabled 1', 'ksm.run 2',
    ])
    expect(left('[sysfs]\n/proc/sys/vm/swappiness=1\n/sys/../proc/sys/vm/swappiness=1\n/sys/power/state=mem')).toEqual([
      '/proc/sys/vm/swappiness: it is not below /sys',
      '/sys/power/state: it is not in the catalogue',
    ])
  })

  it('of plugins that set no kernel parameter are listed with what they do', () => {
    expect(left('[bootloader]\ncmdline=+quiet\n[script]\nscript=${i:PROFILE_DIR}/s.sh\n[odd]\na=1\n[constructor]\nb=1')).toEqual([
      'cmdline: it changes the kernel command line, which takes a boot',
      'script: it runs a script',
      "a: no plugin 'odd' of tuned is known here",
      "b: no plugin 'constructor' of tuned is known here",
    ])
  })
})

describe('sections of a tuned profile', () => {
  it('have a type of their own, can be switched off, and hold only where their expressions match', () => {
    expect(set('[a]\ntype=sysctl\nvm.swappiness=1\n[b]\ntype=sysctl\nenabled=0\nvm.dirty_ratio=9')).toEqual(['vm.swappiness 1'])
    expect(set('[a]\ntype=sysctl\nuname_regex=x86_64\ncpuinfo_regex=^model name\\s+:.*\\bAMD\\b\nvm.swappiness=1\n[b]\ntype=sysctl\nuname_regex=aarch64\nvm.swappiness=2')).toEqual(['vm.swappiness 1'])
    const unknown = { ...MACHINE, uname: null }
    expect(left('[a]\ntype=sysctl\nuname_regex=x86\nvm.swappiness=1', unknown)).toEqual(["vm.swappiness: it holds only where 'x86' matches, and that is not known here"])
    expect(left('[a]\ntype=sysctl\nuname_regex=(\nvm.swappiness=1')).toEqual(["vm.swappiness: '(' is not a regular expression here"])
    expect(left('[disk]\ndevices_udev_regex=ID\nreadahead=1\nscript_pre=x')).toHaveLength(2)
  })

  it('come in the order of their priority, and the last has its say', () => {
    expect(set('[a]\ntype=sysctl\npriority=5\nvm.swappiness=1\n[b]\ntype=sysctl\nvm.swappiness=2')).toEqual(['vm.swappiness 1'])
  })

  it('share out devices: the first that matches has them', () => {
    const both = '[disk]\nreadahead=4096\n[disk-sas]\ntype=disk\ndevices=sd*\nreadahead=0'
    expect(set(both)).toEqual(['block.read_ahead_kb[sd*,vd*,xvd*,nvme*] 4096'])
    expect(left(both)).toEqual(['readahead: its devices belong to [disk], which comes first'])
    expect(set('[sas]\ntype=disk\ndevices=sd*\nreadahead=0\n[disk]\nreadahead=4096')).toEqual(['block.read_ahead_kb[sd*,vd*,xvd*,nvme*] 4096', 'block.read_ahead_kb[sd*] 0'])
  })
})

describe('a profile that includes others', () => {
  it('takes their options, and changes what it names itself', () => {
    const result = load({ own: '[main]\ninclude=base\n[sysctl]\nvm.swappiness=1', base: '[main]\ninclude = root\n[sysctl]\nvm.swappiness=2\nvm.dirty_ratio=20', root: '[sysctl]\nvm.dirty_ratio=10\nnet.core.somaxconn=512' })
    expect(written(result)).toEqual(['vm.dirty_ratio 20', 'net.core.somaxconn 512', 'vm.swappiness 1'])
    expect(result.settings.find(({ knob }) => knob === 'vm.swappiness')?.source).toEqual({ file: '/etc/tuned/own/tuned.conf', line: 4 })
    expect(result.settings.find(({ knob }) => knob === 'net.core.somaxconn')?.source).toEqual({ file: '/etc/tuned/root/tuned.conf', line: 3 })
  })

  it('can replace a section, or drop options of it', () => {
    const base = '[sysctl]\nvm.swappiness=2\nvm.dirty_ratio=20'
    expect(written(load({ own: '[main]\ninclude=base\n[sysctl]\nreplace=1\nvm.swappiness=1', base }))).toEqual(['vm.swappiness 1'])
    expect(written(load({ own: '[main]\ninclude=base\n[sysctl]\ndrop=vm.dirty_ratio, x', base }))).toEqual(['vm.swappiness 2'])
  })

  it('does not inherit which devices a section is for', () => {
    expect(written(load({ own: '[main]\ninclude=base\n[disk]\nelevator=none', base: '[disk]\ndevices=sda\nelevator=bfq' }))).toEqual(['block.scheduler[sd*,vd*,xvd*,nvme*] "none"'])
  })

  it('takes several, and one that may be missing', () => {
    expect(written(load({ own: '[main]\ninclude=a, -nowhere; b', a: '[sysctl]\nvm.swappiness=1', b: '[sysctl]\nvm.swappiness=2' }))).toEqual(['vm.swappiness 2'])
  })

  it('can include its namesake, and never itself', () => {
    const result = load({ own: '[main]\ninclude=own\n[sysctl]\nvm.dirty_ratio=9', '/usr/lib/tuned/own/tuned.conf': '[main]\ninclude=own\n[sysctl]\nvm.swappiness=1' })
    expect(written(result).sort()).toEqual(['vm.dirty_ratio 9', 'vm.swappiness 1'])
  })

  it('chooses by a function of tuned, or says that it cannot', () => {
    const profiles = { own: '[main]\ninclude=${f:virt_check:guest:metal}', guest: '[sysctl]\nvm.swappiness=30', metal: '[sysctl]\nvm.swappiness=10' }
    expect(written(load(profiles))).toEqual(['vm.swappiness 30'])
    expect(written(load(profiles, { ...MACHINE, virtual: false }))).toEqual(['vm.swappiness 10'])
    const [include] = load(profiles, { ...MACHINE, virtual: null }).unmapped
    expect(include).toMatchObject({ key: 'include', source: { line: 2 } })
    expect(include?.reason).toContain('virt_check')
  })

  it('is refused where one is missing, or where it is broken, with the place', () => {
    const refused = (profiles: Readonly<Record<string, string>>, place: string) =>
      expect(() => load(profiles)).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_DATA_INVALID', place }))
    refused({ own: '[main]\n\ninclude=nowhere' }, '/etc/tuned/own/tuned.conf:3')
    refused({ own: '[main]\ninclude=../../../var/x', '/var/x/tuned.conf': '' }, '/etc/tuned/own/tuned.conf:2')
    refused({ own: '[main]\ninclude=base', base: 'x' }, '/etc/tuned/base/tuned.conf:1')
    refused({}, '/etc/tuned/own/tuned.conf')
  })
})

describe('variables of a profile', () => {
  it('come from the section and from files it includes, in order', () => {
    const own = '[variables]\ninclude=/etc/tuned/own-variables.conf\nlow=${base}\n[sysctl]\nvm.swappiness=${low}\nvm.dirty_ratio=${base}'
    expect(written(load({ own, '/etc/tuned/own-variables.conf': '# comment\nbase=15\n' }))).toEqual(['vm.swappiness 15', 'vm.dirty_ratio 15'])
  })

  it('of included profiles and of this one are one set', () => {
    const base = '[variables]\nn=1\n[sysctl]\nvm.swappiness=${n}'
    expect(written(load({ own: '[main]\ninclude=base\n[variables]\nn=2', base }))).toEqual(['vm.swappiness 2'])
  })

  it('without a value, or with one that only tuned can find, leave the option out', () => {
    const own = '[variables]\ninclude=/nowhere\nmask=${f:cpulist2hex:2-7}\n[sysctl]\nvm.swappiness=${nothing}\n[sysfs]\n/sys/kernel/mm/ksm/run=${mask}'
    expect(left(own)).toEqual([
      'include: there is no such file',
      "mask: it needs the answer of tuned's function cpulist2hex, which is not called here",
      'vm.swappiness: the variable nothing has no value',
      "/sys/kernel/mm/ksm/run: it needs the answer of tuned's function cpulist2hex, which is not called here",
    ])
  })
})

it('reads any profile, or refuses it with its place', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '[main]', '[sysctl]', '[disk]', '[cpu]', '[variables]', '[vm]', '[sysfs]', '[__proto__]', 'include=own', 'include=-x', 'type=sysctl', 'type=__proto__', 'devices=!', 'devices=', 'vm.swappiness=>',
      'vm.swappiness=>9', 'x=${x}${x}', 'readahead=> 1', 'governor=|', 'uname_regex=[', 'priority=x', 'drop=,', 'replace=1', '/sys/block/*/queue/*=1', '  more', 'energy_perf_bias=|',
    ),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
      try {
        for (const { knob } of load({ own: lines.join('\n') }).settings) expect(catalogue.get(knob)).toBeDefined()
      } catch (error) {
        if (!isSemantosError(error)) throw error
        expect(`${error.code} ${error.place}`).toMatch(/^SEMANTOS_E_DATA_INVALID \/etc\/tuned\/own\/tuned\.conf:\d+$/)
      }
    }),
    { numRuns: 500 },
  )
})

const installed = PROFILE_FOLDERS.flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}/tuned.conf`) : [])).filter((file) => existsSync(file))

it.skipIf(installed.length === 0)('reads every profile of the tuned that is installed here (needs the package tuned)', () => {
  const here: Files = { read: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : null), list: () => [] }
  for (const file of installed) {
    const { settings, unmapped } = importTuned(file, here, PROFILE_FOLDERS, catalogue, MACHINE)
    for (const { source } of [...settings, ...unmapped]) expect(readFileSync(source.file, 'utf8').split('\n')[source.line - 1]).toContain('=')
    expect(unmapped.filter(({ reason }) => reason === '' || /is known here$/.test(reason))).toEqual([])
  }
})
