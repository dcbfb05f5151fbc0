import type { HostFacts, HostReader } from '@semantos/core'
import { isDisk } from './collectors/disks.js'
import { isNetDevice } from './collectors/net-devices.js'
import { Finder } from './scan.js'
import type { Folders } from './sampler.js'
import { virtualizationOf } from './virtualization.js'

const KIB = 1024

/** Reads what the machine is. The CPU's description is read once: on large machines it takes the kernel milliseconds. */
export function openFacts(host: HostReader, { procfs, sysfs }: Folders): () => HostFacts {
  const text = (path: string): string => {
    const read = host.open(path).read()
    return 'text' in read ? read.text : ''
  }
  const line = (path: string): string => text(path).split('\n', 1)[0]?.trim().slice(0, 256) ?? ''
  let cpuinfo: string | null = null
  return () => {
    cpuinfo ??= text(`${procfs}/cpuinfo`)
    const meminfo = new Finder(text(`${procfs}/meminfo`))
    return {
      name: line(`${procfs}/sys/kernel/hostname`) || 'unknown',
      kernel: line(`${procfs}/sys/kernel/osrelease`) || 'unknown',
      boot_id: line(`${procfs}/sys/kernel/random/boot_id`).slice(0, 64) || null,
      cpu_model: cpuModel(cpuinfo),
      cpus: cpuCount(line(`${sysfs}/devices/system/cpu/online`), cpuinfo),
      numa_nodes: Math.max(1, host.list(`${sysfs}/devices/system/node`).filter((name) => /^node\d+$/.test(name)).length),
      memory_bytes: bytes(meminfo, 'MemTotal'),
      swap_bytes: bytes(meminfo, 'SwapTotal'),
      block_devices: host.list(`${sysfs}/block`).filter((name) => isDisk(name) && name.length <= 64),
      net_devices: host.list(`${sysfs}/class/net`).filter((name) => name !== 'lo' && isNetDevice(name) && name.length <= 64),
      virtualization: virtualizationOf({ host, procfs, sysfs, cpuinfo, text }),
    }
  }
}

function bytes(meminfo: Finder, key: string): number {
  const kib = meminfo.after(`\n${key}:`).number()
  return Number.isSafeInteger(kib * KIB) ? kib * KIB : 0
}

/** x86 names a model, POWER a cpu, s390 a vendor; ARM gives an implementer and a part number only. */
function cpuModel(cpuinfo: string): string {
  const named = field(cpuinfo, 'model name') || field(cpuinfo, 'cpu') || field(cpuinfo, 'vendor_id')
  if (named) return named
  const [implementer, part] = [field(cpuinfo, 'CPU implementer'), field(cpuinfo, 'CPU part')]
  return implementer && part ? `ARM implementer ${implementer} part ${part}` : 'unknown'
}

/** The first value of a `key : value` line. */
function field(cpuinfo: string, key: string): string {
  return new RegExp(`^${key}[ \\t]*:[ \\t]*(.*)$`, 'm').exec(cpuinfo)?.[1]?.trim().slice(0, 256) ?? ''
}

/** From a list of ranges such as 0-3,8; where there is none, by counting. */
function cpuCount(online: string, cpuinfo: string): number {
  const counted = Math.max(1, cpuinfo.match(/^processor[ \t]*:/gm)?.length ?? 0)
  if (!/^\d{1,6}(?:-\d{1,6})?(?:,\d{1,6}(?:-\d{1,6})?)*$/.test(online)) return counted
  const listed = online.split(',').reduce((sum, range) => {
    const [first = '', last = first] = range.split('-')
    return sum + Number(last) - Number(first) + 1
  }, 0)
  return Math.max(1, listed)
}
