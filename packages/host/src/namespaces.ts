import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isRealHost } from './interfaces.js'
import type { Scope } from './records.js'

const OWN = '/proc/self/ns/net'

/** The inode of the network namespace behind a path, which names it for as long as it lives; null where there is none to see. */
export function netnsInode(path: string): number | null {
  try {
    return statSync(path).ino
  } catch {
    return null
  }
}

/** The scope of a run that no namespace was named for. Under a fake root there are no namespaces. */
export function hostScope(root: string): Scope {
  return { kind: 'host', name: null, path: '/proc/1/ns/net', inode: isRealHost(root) ? netnsInode(OWN) : null }
}

/** True where this process reads and writes the values of that scope. */
export function isInside(scope: Scope): boolean {
  return scope.inode === null || scope.inode === netnsInode(OWN)
}

/** A path by which that namespace can be entered now, or null when it is gone: its name first, then any process inside. */
export function wayInto(scope: Scope): string | null {
  const named = [scope.path, '/proc/1/ns/net'].find((path) => netnsInode(path) === scope.inode)
  if (named !== undefined) return named
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return processes.map((pid) => join('/proc', pid, 'ns/net')).find((path) => netnsInode(path) === scope.inode) ?? null
}
