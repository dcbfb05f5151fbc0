import type { HostFacts, HostReader } from '@semantos/core'

interface Clues {
  readonly host: HostReader
  readonly procfs: string
  readonly sysfs: string
  readonly cpuinfo: string
  /** What a file says; empty where there is none. */
  readonly text: (path: string) => string
}

/** Numbers of the first namespaces, fixed in the kernel's include/linux/proc_ns.h. */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]'
const FIRST_CGROUP_NAMESPACE = 'cgroup:[4026531835]'

const CONTAINER_CGROUP = /[/-](?:docker|kubepods|containerd|libpod|lxc)/
const VIRTUAL_PRODUCT = /qemu|kvm|vmware|virtualbox|virtual machine|bochs|bhyve|parallels|xen|openstack|google compute|amazon ec2|alibaba cloud ecs|firecracker/i

/** A container in a virtual machine is a container: that is what limits which knobs can be set. */
export function virtualizationOf(clues: Clues): HostFacts['virtualization'] {
  if (isContainer(clues)) return 'container'
  return isVirtualMachine(clues)
}

/** As systemd-detect-virt asks, what container managers say first, then files that images carry. */
function isContainer({ host, procfs, text }: Clues): boolean {
  const exists = (path: string) => 'text' in host.open(path).read()
  if (exists('/run/systemd/container') || exists('/run/host/container-manager')) return true
  if (CONTAINER_CGROUP.test(text(`${procfs}/1/cgroup`))) return true
  if (!exists('/.dockerenv') && !exists('/run/.containerenv')) return false
  // An image made for containers keeps these files when it is booted as a machine of its own.
  const namespace = (name: string) => host.link(`${procfs}/1/ns/${name}`) ?? host.link(`${procfs}/self/ns/${name}`)
  return namespace('pid') !== FIRST_PID_NAMESPACE || namespace('cgroup') !== FIRST_CGROUP_NAMESPACE
}

function isVirtualMachine({ sysfs, cpuinfo, text }: Clues): 'vm' | 'none' | 'unknown' {
  const flags = /^flags[ \t]*:(.*)$/m.exec(cpuinfo)?.[1]
  if (flags && / hypervisor(?: |$)/.test(flags)) return 'vm'
  const product = `${text(`${sysfs}/class/dmi/id/sys_vendor`)} ${text(`${sysfs}/class/dmi/id/product_name`)}`.trim()
  // Bare metal that is rented has the same vendor as its virtual machines.
  if (VIRTUAL_PRODUCT.test(product) && !/\.metal/.test(product)) return 'vm'
  return flags || product ? 'none' : 'unknown'
}
