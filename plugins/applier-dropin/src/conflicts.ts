import type { DropIn, HostReader } from '@semantos/core'

/** Another file that sets what ours sets. Who is read later wins. */
export interface Conflict {
  readonly key: string
  readonly file: string
  readonly value: string
  readonly wins: 'they' | 'we'
}

/** Where systemd-sysctl looks, highest precedence first: a file hides those of the same name in later folders, sysctl.d(5). */
const FOLDERS = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d']

/** Files are read in the order of their names, whatever their folder; procps reads /etc/sysctl.conf after them. */
export function conflictsOf(host: HostReader, dropIns: readonly DropIn[]): Conflict[] {
  const ours = dropIns.find(({ path }) => path.startsWith('/etc/sysctl.d/'))
  if (!ours?.text) return []
  const keys = new Set(settingsIn(ours.text).map(({ path }) => path))
  const name = nameOf(ours.path)
  return filesOf(host).filter((file) => nameOf(file) !== name).flatMap((file) => {
    const read = host.open(file).read()
    const wins = file === '/etc/sysctl.conf' || nameOf(file) > name ? 'they' as const : 'we' as const
    return settingsIn('text' in read ? read.text : '').flatMap(({ path, value }) =>
      [...keys].filter((key) => key === path || patternOf(path)?.test(key)).map((key) => ({ key: key.replaceAll('/', '.'), file, value, wins })),
    )
  })
}

function filesOf(host: HostReader): string[] {
  const byName = new Map<string, string>()
  for (const folder of FOLDERS) {
    for (const name of host.list(folder)) if (name.endsWith('.conf') && !byName.has(name)) byName.set(name, `${folder}/${name}`)
  }
  const ordered = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
  return host.list('/etc').includes('sysctl.conf') ? [...ordered, '/etc/sysctl.conf'] : ordered
}

/** Settings with their path below /proc/sys; `-` before a key only forgives errors. */
function settingsIn(text: string): { path: string; value: string }[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*-?\s*([^#;=\s][^=\s]*)\s*=\s*(.*?)\s*$/.exec(line)
    return match?.[1] === undefined ? [] : [{ path: pathOf(match[1]), value: match[2] ?? '' }]
  })
}

/** The first of `.` and `/` parts the segments; where that is `.`, a `/` stands for a dot in a name. */
function pathOf(key: string): string {
  return /[./]/.exec(key)?.[0] === '.' ? key.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.')) : key
}

/** A key with `*`, `?` or `[…]` stands for every parameter that fits: glob(7). */
function patternOf(path: string): RegExp | null {
  if (!/[*?[]/.test(path)) return null
  const expression = path.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '[^/]*').replaceAll('?', '[^/]').replaceAll('[!', '[^')
  try {
    return new RegExp(`^${expression}$`)
  } catch {
    return null
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
