import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { z } from '@semantos/core'
import { FakeHost } from './fake-host.js'

let host = new FakeHost()
beforeEach(() => void (host = new FakeHost()))

describe('doctor', () => {
  test('says who else sets our knobs, in the order that counts, and what this host has', async () => {
    const ended = await host.withConfig('doctor', '--json')
    const found: unknown = JSON.parse(ended.stdout)
    expect(found).toMatchObject({
      system: { kernel: '6.18.0-test', root: true, missing_capabilities: [] },
      owners: [{ name: 'sysctl.d', where: '/etc/sysctl.d/50-ours.conf', knobs: ['vm.swappiness', 'net.core.somaxconn'] }, { name: 'tuned', where: 'process 100' }],
      problems: [],
    })
    expect(ended.status).toBe(0)
    expect((await host.withConfig('doctor')).stdout).toMatch(/^pending +no run waits for a rollback or for semantos confirm$[\s\S]*\n\nfit: nothing stands in the way\n$/m)
  })

  test('says which of our knobs the active profile of tuned sets, and who else is at work', async () => {
    const more = {
      'etc/tuned/active_profile': 'mine\n',
      'etc/tuned/mine/tuned.conf': '[main]\ninclude=base\n[vm]\ndirty_ratio=40\n',
      'usr/lib/tuned/base/tuned.conf': '[sysctl]\nvm.swappiness=10\n',
      'etc/cloud/cloud.cfg': '',
      'etc/cni/net.d/10-bridge.conf': '',
      ...Object.fromEntries(['bpftune', 'kubelet', 'dockerd', 'containerd', 'crio', 'systemd-oomd'].map((name, index) => [`proc/${200 + index}/comm`, `${name}\n`])),
    }
    host.put(more)
    const { owners } = z.object({ owners: z.array(z.unknown()) }).parse(JSON.parse((await host.withConfig('doctor', '--json')).stdout))
    const process = (name: string, pid: number) => ({ name, where: `process ${pid}`, knobs: [] })
    const wanted = [
      process('bpftune', 200), process('Kubernetes node agent', 201), process('Docker', 202), process('containerd', 203), process('CRI-O', 204), process('systemd-oomd', 205),
      { name: 'tuned profile', where: 'mine', knobs: ['vm.swappiness', 'vm.dirty_ratio'] },
      { name: 'cloud-init', where: '/etc/cloud', knobs: [] },
      { name: 'container network plugins', where: '/etc/cni/net.d', knobs: [] },
    ]
    for (const owner of wanted) expect(owners).toContainEqual(owner)
  })

  test('says which of our knobs udev rules, tmpfiles.d and cloud-init set, file by file', async () => {
    host.put({
      'etc/udev/rules.d/60-disks.rules': [
        '# ATTR{queue/nr_requests}="64"',
        'ACTION=="add|change", SUBSYSTEM=="block", KERNEL=="sd[a-z]|nvme*", ATTR{queue/rotational}=="0", \\',
        '  ATTR{queue/scheduler}="none", ATTR{queue/read_ahead_kb}="128"',
        'SUBSYSTEM=="module", KERNEL=="nf_conntrack", RUN+="/usr/sbin/sysctl -w net.netfilter.nf_conntrack_max=1048576"',
      ].join('\n'),
      'usr/lib/udev/rules.d/60-disks.rules': 'SUBSYSTEM=="block", ATTR{queue/wbt_lat_usec}="0"\n',
      'run/udev/rules.d/70-net.rules': 'SUBSYSTEM=="net", ATTR{tx_queue_len}="5000", SYSCTL{net.core.somaxconn}="4096"\n',
      'usr/lib/udev/rules.d/99-quiet.rules': 'SUBSYSTEM=="block", ATTR{queue/scheduler}=="none", TAG+="systemd"\n',
      'etc/tmpfiles.d/pages.conf': 'w /sys/kernel/mm/transparent_hugepage/enabled - - - - madvise\nw! /proc/sys/vm/swappiness - - - - 1\nd /run/pages 0755 root root -\n',
      'usr/lib/tmpfiles.d/debug.conf': 'w- /sys/kernel/debug/sched/migration_cost_ns - - - - 1\n',
      'etc/cloud/cloud.cfg.d/90-kernel.cfg': 'runcmd:\n  - [sysctl, -w, vm.dirty_ratio=10]\n  - echo 1 > /proc/sys/vm/overcommit_memory\n  # - sysctl -w vm.dirty_background_ratio=1\n',
      'var/lib/cloud/instance/user-data.txt': '#cloud-config\nwrite_files:\n- path: /etc/sysctl.d/60-mine.conf\n  content: |\n    net.ipv4.tcp_fin_timeout = 20\n',
    })
    const wanted = [
      { name: 'udev', where: '/etc/udev/rules.d/60-disks.rules', knobs: ['block.scheduler[sd[a-z]|nvme*]', 'block.read_ahead_kb[sd[a-z]|nvme*]', 'net.netfilter.nf_conntrack_max'] },
      { name: 'udev', where: '/run/udev/rules.d/70-net.rules', knobs: ['netdev.tx_queue_len', 'net.core.somaxconn'] },
      { name: 'tmpfiles.d', where: '/usr/lib/tmpfiles.d/debug.conf', knobs: ['sched.migration_cost_ns'] },
      { name: 'tmpfiles.d', where: '/etc/tmpfiles.d/pages.conf', knobs: ['thp.enabled', 'vm.swappiness'] },
      { name: 'cloud-init', where: '/var/lib/cloud/instance/user-data.txt', knobs: ['net.ipv4.tcp_fin_timeout'] },
      { name: 'cloud-init', where: '/etc/cloud/cloud.cfg.d/90-kernel.cfg', knobs: ['vm.dirty_ratio', 'vm.overcommit_memory'] },
    ]
    const { owners } = z.object({ owners: z.array(z.object({ name: z.string(), where: z.string(), knobs: z.array(z.string()) })) }).parse(JSON.parse((await host.withConfig('doctor', '--json')).stdout))
    expect(owners.filter(({ name }) => ['udev', 'tmpfiles.d', 'cloud-init'].includes(name))).toEqual(wanted)
    expect((await host.withConfig('doctor')).stdout).toMatch(/^udev +\/etc\/udev\/rules\.d\/60-disks\.rules: block\.scheduler\[sd\[a-z\]\|nvme\*\], block\.read_ahead_kb\[sd\[a-z\]\|nvme\*\], net\.netfilter\.nf_conntrack_max$/m)
  })

  test.each([
    ['a pattern without its subsystem', 'KERNEL=="sd*", ATTR{queue/scheduler}="none"', ['block.scheduler[sd*]']],
    ['one device', 'SUBSYSTEM=="net", KERNEL == "eth0", ATTR{tx_queue_len} = "5000"', ['netdev.tx_queue_len[eth0]']],
    ['a part of a device', 'SUBSYSTEM=="cpu", KERNEL=="cpu[0-3]", ATTR{cpuidle/state2/disable}="1"', ['cpuidle.state_disable[cpu[0-3]:state2]']],
    ['a command that names the device', 'KERNEL=="nvme?n1", RUN+="/bin/sh -c \'echo none > /sys/block/%k/queue/scheduler\'"', ['block.scheduler[nvme?n1]']],
    ['a command for all devices', 'KERNEL=="sda", RUN+="/bin/sh -c \'echo 0 > /sys/block/*/queue/iostats; echo 2 > /sys/block/sdb/queue/rq_affinity\'"', ['block.iostats', 'block.rq_affinity[sdb]']],
    ['the device without a pattern', 'SUBSYSTEM=="block", RUN+="/bin/sh -c \'echo 0 > /sys/block/$kernel/queue/iostats\'"', ['block.iostats']],
    ['another match', 'SUBSYSTEM=="block", KERNEL!="loop*", ATTR{queue/iostats}="0"', ['block.iostats']],
    ['nothing of ours', 'KERNEL=="sd*", ATTR{queue/scheduler}=="none", NAME="disk"', null],
  ])('udev: %s', async (_, rule, knobs) => {
    host.put({ 'etc/udev/rules.d/60-x.rules': `${rule}\n` })
    const { owners } = z.object({ owners: z.array(z.looseObject({ name: z.string() })) }).parse(JSON.parse((await host.withConfig('doctor', '--json')).stdout))
    expect(owners.filter(({ name }) => name === 'udev')).toEqual(knobs === null ? [] : [{ name: 'udev', where: '/etc/udev/rules.d/60-x.rules', knobs }])
  })

  test('a process may bear any name', async () => {
    host.put({ 'proc/300/comm': 'constructor\n' })
    expect((await host.withConfig('doctor')).stdout).not.toMatch(/process 300/)
  })

  test('a profile of tuned that cannot be read is reported and keeps nothing else from being shown', async () => {
    host.put({ 'etc/tuned/active_profile': 'mine other\n', 'etc/tuned/mine/tuned.conf': '[main]\ninclude=gone\n' })
    const { stdout } = await host.withConfig('doctor')
    expect(stdout).toMatch(/tuned profile +mine, which cannot be read: there is no profile 'gone'/)
    expect(stdout).toMatch(/tuned profile +other, which is not in \/etc\/tuned/)
  })

  test('a journal that waits is a problem, and the exit status says so', async () => {
    mkdirSync(host.state, { recursive: true, mode: 0o700 })
    writeFileSync(join(host.state, 'broken.journal'), 'not a journal\n')
    const ended = await host.withConfig('doctor')
    expect(ended.status).toBe(1)
    expect(ended.stdout).toMatch(/problems/)
  })
})
