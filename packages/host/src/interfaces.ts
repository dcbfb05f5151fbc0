import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import type { Interface } from '@semantos/core'

/** Where an interface's files are, and the file system that must be mounted there: the magic numbers of statfs(2), linux/magic.h. */
export const INTERFACES: Readonly<Record<Interface, { readonly folder: string; readonly magic: number }>> = {
  sysctl: { folder: '/proc/sys', magic: 0x9fa0 },
  sysfs: { folder: '/sys', magic: 0x62656572 },
  debugfs: { folder: '/sys/kernel/debug', magic: 0x64626720 },
}

/** The absolute path of a knob file on the host. */
export function hostPath(where: { readonly interface: Interface; readonly path: string }): string {
  return `${INTERFACES[where.interface].folder}/${where.path}`
}

/** True where the root holds a running kernel's own files, at `/` or mounted elsewhere; false for a folder that only looks like one. */
export function isRealHost(root: string): boolean {
  const known = REAL.get(root)
  if (known !== undefined) return known
  const real = looksReal(root)
  REAL.set(root, real)
  return real
}

const REAL = new Map<string, boolean>()

function looksReal(root: string): boolean {
  try {
    return statfsSync(join(root, INTERFACES.sysctl.folder)).type === INTERFACES.sysctl.magic
  } catch {
    return root === '/'
  }
}
