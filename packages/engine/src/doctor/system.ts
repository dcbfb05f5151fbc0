import type { HostReader } from '@semantos/core'

/** What this machine is, and what it lets us do. */
export interface System {
  readonly kernel: string
  readonly virtualization: string
  readonly root: boolean
  /** Capabilities that tuning needs and this process lacks. */
  readonly missing_capabilities: readonly string[]
  readonly lockdown: string
  readonly facilities: readonly Facility[]
}

export interface Facility {
  readonly name: string
  readonly available: boolean
  readonly detail: string
}

/** Bits of /proc/self/status CapEff, capability.h. */
const CAPABILITIES = { CAP_NET_ADMIN: 12, CAP_SYS_ADMIN: 21, CAP_SYS_RESOURCE: 24, CAP_BPF: 39 } as const

export function examineSystem(host: HostReader): System {
  const status = text(host, '/proc/self/status')
  return {
    kernel: text(host, '/proc/sys/kernel/osrelease').trim() || 'unknown',
    virtualization: virtualization(host),
    root: /^Uid:\s+\d+\s+0\b/m.test(status),
    missing_capabilities: missingCapabilities(status),
    lockdown: /\[(\w+)\]/.exec(text(host, '/sys/kernel/security/lockdown'))?.[1] ?? 'none',
    facilities: [
      facility(host, 'PSI', '/proc/pressure/cpu', 'pressure stall information'),
      facility(host, 'debugfs', '/sys/kernel/debug/sched/base_slice_ns', 'scheduler knobs of 6.6 and later'),
      facility(host, 'BTF', '/sys/kernel/btf/vmlinux', 'needed by bpftrace'),
      cgroup(host),
    ],
  }
}

function text(host: HostReader, path: string): string {
  const read = host.open(path).read()
  return 'text' in read ? read.text : ''
}

function facility(host: HostReader, name: string, path: string, meaning: string): Facility {
  const read = host.open(path).read()
  return 'text' in read ? { name, available: true, detail: meaning } : { name, available: false, detail: `${path}: ${read.reason}` }
}

function cgroup(host: HostReader): Facility {
  const unified = host.list('/sys/fs/cgroup').includes('cgroup.controllers')
  const mounted = host.list('/sys/fs/cgroup').length > 0
  return { name: 'cgroup', available: mounted, detail: unified ? 'version 2' : mounted ? 'version 1' : 'not mounted' }
}

function missingCapabilities(status: string): string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`)
  return Object.entries(CAPABILITIES).flatMap(([name, bit]) => ((effective >> BigInt(bit)) & 1n ? [] : [name]))
}

/** Inode numbers of the first namespaces, which the kernel fixes (include/linux/proc_ns.h). */
const FIRST_NAMESPACES = { pid: 4026531836, uts: 4026531838, ipc: 4026531839 } as const

/**
 * Marks that container engines leave, then the processor's own word for being a guest. An image that became a machine's disk
 * keeps the marks, so they count only inside namespaces of one's own.
 */
function virtualization(host: HostReader): string {
  const own = Object.entries(FIRST_NAMESPACES).some(([kind, inode]) => (host.link(`/proc/self/ns/${kind}`) ?? `${kind}:[${inode}]`) !== `${kind}:[${inode}]`)
  return (own ? container(host) : null) ?? (/^flags\s*:.*\bhypervisor\b/m.test(text(host, '/proc/cpuinfo')) ? 'virtual machine' : 'bare metal')
}

function container(host: HostReader): string {
  if (host.list('/').includes('.dockerenv')) return 'container (docker)'
  if (host.list('/run').includes('.containerenv')) return 'container (podman)'
  const systemd = text(host, '/run/systemd/container').trim()
  if (systemd !== '') return `container (${systemd})`
  return 'container'
}
