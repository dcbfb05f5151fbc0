import { importSysctlD, sysctlFiles } from '../exchange/import/index.js'
import type { HostReader } from '../kernel/door.js'
import type { Catalogue } from '../model/catalogue.js'

/** Somebody else who sets kernel parameters on this host, and which of our knobs. */
export interface Owner {
  readonly name: string
  readonly where: string
  /** Empty where the owner does not say which. */
  readonly knobs: readonly string[]
}

/** Programs that set kernel parameters while they run: the name the kernel shows, and what it is. */
const DAEMONS: Readonly<Record<string, string>> = {
  tuned: 'tuned',
  bpftune: 'bpftune',
  kubelet: 'Kubernetes node agent',
  dockerd: 'Docker',
  containerd: 'containerd',
  crio: 'CRI-O',
  irqbalance: 'irqbalance',
  'systemd-oomd': 'systemd-oomd',
  'power-profiles-': 'power-profiles-daemon',
  tlp: 'TLP',
}

/** Everybody who may fight with us over a value, sysctl.d files first and in the order in which they take effect. */
export function findOwners(host: HostReader, catalogue: Catalogue): Owner[] {
  return [...sysctlOwners(host, catalogue), ...daemons(host), ...configured(host)]
}

/** /etc/sysctl.conf last, as procps reads it. */
function sysctlOwners(host: HostReader, catalogue: Catalogue): Owner[] {
  const files = { list: (folder: string) => host.list(folder), read: (path: string) => textOf(host, path) }
  const paths = [...sysctlFiles(files), ...(host.list('/etc').includes('sysctl.conf') ? ['/etc/sysctl.conf'] : [])]
  return paths.map((where) => ({ name: 'sysctl.d', where, knobs: importSysctlD([where], files, catalogue).settings.map(({ knob }) => knob) }))
}

function textOf(host: HostReader, path: string): string | null {
  const read = host.open(path).read()
  return 'text' in read ? read.text : null
}

function daemons(host: HostReader): Owner[] {
  const running = new Map<string, string>()
  for (const pid of host.list('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const read = host.open(`/proc/${pid}/comm`).read()
    const name = 'text' in read ? DAEMONS[read.text.trim()] : undefined
    if (name !== undefined && !running.has(name)) running.set(name, pid)
  }
  return [...running].map(([name, pid]) => ({ name, where: `process ${pid}`, knobs: [] }))
}

function configured(host: HostReader): Owner[] {
  const found: Owner[] = []
  const profile = host.open('/etc/tuned/active_profile').read()
  if ('text' in profile && profile.text.trim() !== '') found.push({ name: 'tuned profile', where: profile.text.trim(), knobs: [] })
  if (host.list('/etc/cloud').length > 0) found.push({ name: 'cloud-init', where: '/etc/cloud', knobs: [] })
  if (host.list('/etc/cni/net.d').length > 0) found.push({ name: 'container network plugins', where: '/etc/cni/net.d', knobs: [] })
  return found
}
