import { statfsSync } from 'node:fs'
import { SemantosError } from '@semantos/core'
import { netnsInode } from './namespaces.js'
import type { Scope } from './records.js'

/** nsfs, linux/magic.h: the file system of namespace files. */
const NSFS_MAGIC = 0x6e736673
const NAME = /^[A-Za-z0-9_.-]{1,64}$/

/** A network namespace, and how to get in. */
export interface NetnsEntry {
  readonly scope: Scope
  /** Already there: nothing has to be started again. */
  readonly inside: boolean
  /** The program and arguments that start this same command inside. */
  readonly command: readonly [string, ...string[]]
}

/**
 * Finds a network namespace by its name under /run/netns or by a process inside, and says how to start this command there.
 *
 * /proc/sys/net shows the namespace of whoever reads it, and Node cannot change its own; so the command is started again under
 * nsenter(1), which changes the network namespace only: the files and all other knobs stay the host's.
 */
export function enterNetns(spec: string): NetnsEntry {
  const path = pathOf(spec)
  const inode = netnsInode(path)
  if (inode === null || statfsSync(path).type !== NSFS_MAGIC) {
    throw new SemantosError('SEMANTOS_E_NETNS', { message: `there is no network namespace '${spec}': ${path} is none, or may not be looked at` })
  }
  return {
    scope: { kind: 'netns', name: spec, path, inode },
    inside: inode === netnsInode('/proc/self/ns/net'),
    command: ['nsenter', `--net=${path}`, '--', process.execPath, ...process.execArgv, ...process.argv.slice(1)],
  }
}

function pathOf(spec: string): string {
  if (/^[1-9]\d{0,9}$/.test(spec)) return `/proc/${spec}/ns/net`
  if (NAME.test(spec) && spec !== '.' && spec !== '..') return `/run/netns/${spec}`
  throw new SemantosError('SEMANTOS_E_NETNS', { message: `${JSON.stringify(spec)} is neither the name of a network namespace nor the number of a process` })
}
