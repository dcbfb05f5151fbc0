import { cpus, hostname, release, totalmem } from 'node:os'
import { openHost } from '@semantos/host'
import { describe, expect, it } from 'vitest'
import { openFacts } from './facts.js'
import { type Fixture, edited, fixture, inNamespaces } from './testing.js'

async function factsOf(root: string) {
  await using host = openHost({ root })
  return openFacts(host, { procfs: '/proc', sysfs: '/sys' })()
}

const edit = (name: Fixture, files: Record<string, string | null>) => factsOf(edited(name, files))

/** The first namespaces of a kernel: whoever is in them is in no container, though the image may be made for one. */
const FIRST = { pid: 'pid:[4026531836]', cgroup: 'cgroup:[4026531835]' }

describe('host facts', () => {
  it('describe a virtual machine', async () => {
    const { kernel, boot_id: bootId, ...facts } = await factsOf(inNamespaces(edited('vm-6.18', {}), FIRST))
    expect(kernel).toMatch(/^6\.18/)
    expect(bootId).toMatch(/^[0-9a-f-]{36}$/)
    expect(facts).toEqual({
      name: 'vm',
      cpu_model: 'AMD EPYC',
      cpus: 2,
      numa_nodes: 1,
      memory_bytes: 24684096 * 1024,
      swap_bytes: 0,
      block_devices: ['vda'],
      net_devices: ['eth0', 'ifb0', 'ifb1'],
      virtualization: 'vm',
    })
  })

  it('describe a rented bare-metal host with two nodes', async () => {
    expect(await factsOf(fixture('numa-2'))).toMatchObject({
      cpu_model: 'Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz',
      cpus: 4,
      numa_nodes: 2,
      swap_bytes: 16777216 * 1024,
      block_devices: ['dm-0', 'md127', 'nvme0n1', 'nvme1n1', 'sda'],
      net_devices: ['bond0', 'br0', 'eth0', 'eth1'],
      virtualization: 'none',
    })
  })

  it('describe a container on ARM, where much is hidden', async () => {
    expect(await factsOf(fixture('container'))).toMatchObject({
      cpu_model: 'ARM implementer 0x41 part 0xd0c',
      cpus: 2,
      numa_nodes: 1,
      block_devices: [],
      virtualization: 'container',
    })
  })

  it('make do with garbage', async () => {
    expect(await factsOf(fixture('broken'))).toMatchObject({
      name: 'unknown',
      kernel: 'unknown',
      boot_id: null,
      cpu_model: 'unknown',
      cpus: 1,
      numa_nodes: 1,
      virtualization: 'unknown',
    })
  })

  it('agree with what Node knows of this host', async () => {
    expect(await factsOf('/')).toMatchObject({ name: hostname(), kernel: release(), cpus: cpus().length, memory_bytes: totalmem() })
  })
})

describe('virtualization', () => {
  it('believes an old image file only where the process is not in the first namespaces', async () => {
    expect((await factsOf(inNamespaces(edited('vm-6.18', {}), { cgroup: FIRST.cgroup }))).virtualization).toBe('container')
    expect((await edit('old-4.18', { '.dockerenv': '' })).virtualization).toBe('container')
  })

  it.each([
    ['a manager that says so', { 'run/systemd/container': 'systemd-nspawn\n' }, 'container'],
    ['the control group of a container', { 'proc/1/cgroup': '1:name=systemd:/\n0::/docker/0a1b2c\n' }, 'container'],
    ['the control group of a pod', { 'proc/1/cgroup': '0::/kubepods.slice/kubepods-burstable.slice/cri-containerd-1.scope\n' }, 'container'],
    ['a virtual product', { 'sys/class/dmi/id/product_name': 'KVM\n' }, 'vm'],
    ['nothing', {}, 'none'],
    ['a cgroup that only sounds like one', { 'proc/1/cgroup': '0::/flxclient.service\n' }, 'none'],
  ] as const)('sees %s', async (_what, files, expected) => {
    expect((await edit('old-4.18', files)).virtualization).toBe(expected)
  })
})
