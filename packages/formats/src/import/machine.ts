import { machine } from 'node:os'
import type { HostReader } from '@semantos/core'
import type { Machine } from './tuned-variables.js'

const CPUFREQ = '/sys/devices/system/cpu/cpufreq/policy0'

/** What a tuned profile may ask about this host. */
export function machineOf(host: HostReader): Machine {
  const text = (path: string): string | null => {
    const read = host.open(path).read()
    return 'text' in read ? read.text.trim() : null
  }
  const words = (path: string): string[] | null => text(path)?.split(/\s+/) ?? null
  const cpuinfo = text('/proc/cpuinfo')
  // Since Linux 6.1 the kernel says itself what it was built for.
  const names = ['ostype', 'hostname', 'osrelease', 'version', 'arch'].map((name) => text(`/proc/sys/kernel/${name}`) ?? (name === 'arch' ? machine() : null))
  return {
    cpuinfo,
    uname: names.includes(null) ? null : names.join(' '),
    virtual: host.list('/sys/hypervisor').length > 0 || (cpuinfo === null ? null : underHypervisor(cpuinfo)),
    governors: words(`${CPUFREQ}/scaling_available_governors`),
    energyPreferences: words(`${CPUFREQ}/energy_performance_available_preferences`),
  }
}

/** x86 shows a flag to guests; other architectures do not say. */
function underHypervisor(cpuinfo: string): boolean | null {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]
  return flags === undefined ? null : /\shypervisor(?:\s|$)/.test(flags)
}
