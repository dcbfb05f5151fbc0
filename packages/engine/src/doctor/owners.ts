import { type Files, findProfile, importSysctlD, importTuned, machineOf, PROFILE_FOLDERS, sysctlFiles } from '@semantos/formats'
import { type Catalogue, type HostReader, messageOf } from '@semantos/core'
import { type Owner, bootOwners } from './boot-files.js'

/** Programs that set kernel parameters while they run: the name the kernel shows, and what it is. */
const DAEMONS: ReadonlyMap<string, string> = new Map(Object.entries({
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
}))

/** Everybody who may fight with us over a value, sysctl.d files first and in the order in which they take effect. */
export function findOwners(host: HostReader, catalogue: Catalogue): Owner[] {
  const files: Files = { list: (folder) => host.list(folder), read: (path) => textOf(host, path) }
  const boot = bootOwners(files, catalogue)
  return [...sysctlOwners(files, catalogue), ...boot, ...daemons(host), ...tunedProfiles(host, files, catalogue), ...configured(host, boot)]
}

/** /etc/sysctl.conf last, as procps reads it. */
function sysctlOwners(files: Files, catalogue: Catalogue): Owner[] {
  const paths = [...sysctlFiles(files), ...(files.list('/etc').includes('sysctl.conf') ? ['/etc/sysctl.conf'] : [])]
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
    const name = 'text' in read ? DAEMONS.get(read.text.trim()) : undefined
    if (name !== undefined && !running.has(name)) running.set(name, pid)
  }
  return [...running].map(([name, pid]) => ({ name, where: `process ${pid}`, knobs: [] }))
}

/** tuned may have several active profiles at a time. */
function tunedProfiles(host: HostReader, files: Files, catalogue: Catalogue): Owner[] {
  const active = files.read('/etc/tuned/active_profile')?.trim().split(/\s+/) ?? []
  return active.filter((name) => name !== '').map((profile) => {
    const file = findProfile(profile, files, PROFILE_FOLDERS)
    if (file === null) return { name: 'tuned profile', where: `${profile}, which is not in ${PROFILE_FOLDERS.join(', ')}`, knobs: [] }
    try {
      const { settings } = importTuned(file, files, PROFILE_FOLDERS, catalogue, machineOf(host))
      return { name: 'tuned profile', where: profile, knobs: settings.map(({ knob }) => knob) }
    } catch (error) {
      return { name: 'tuned profile', where: `${profile}, which cannot be read: ${messageOf(error)}`, knobs: [] }
    }
  })
}

/** Whoever is set up here and does not say what it sets. */
function configured(host: HostReader, boot: readonly Owner[]): Owner[] {
  const found: Owner[] = []
  if (host.list('/etc/cloud').length > 0 && !boot.some(({ name }) => name === 'cloud-init')) found.push({ name: 'cloud-init', where: '/etc/cloud', knobs: [] })
  if (host.list('/etc/cni/net.d').length > 0) found.push({ name: 'container network plugins', where: '/etc/cni/net.d', knobs: [] })
  return found
}
