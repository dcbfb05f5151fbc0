import type { Knob } from '@semantos/core'

/** Where one setting is kept, and the line that keeps it. `key` tells whether two lines set the same. */
export interface Kept {
  readonly kind: 'sysctl' | 'udev' | 'tmpfiles'
  readonly key: string
  readonly line: string
}

/** Folders whose entries udev knows as devices, and the name of their subsystem. */
const SUBSYSTEMS = [['block/', 'block'], ['class/net/', 'net']] as const

/** The line for a knob's file (`path` is below its interface's folder), or why there is none. */
export function lineFor(knob: Knob, path: string, text: string): Kept | { readonly reason: string } {
  switch (knob.persist) {
    case 'none':
      return { reason: 'the catalogue says that it should not be set at boot' }
    case 'sysctl.d': {
      // Slashes where a name has a dot of its own, such as that of a VLAN: sysctl.d(5).
      const key = path.includes('.') ? path : path.replaceAll('/', '.')
      return { kind: 'sysctl', key, line: `${key} = ${text}` }
    }
    case 'udev':
      return udevRule(path, text) ?? tmpfilesLine(fileOf(knob, path), text)
    case 'tmpfiles':
      return tmpfilesLine(fileOf(knob, path), text)
  }
}

/** The key of a line of ours, to be replaced when its knob is set again; null for a comment. */
export function keyOf(kind: Kept['kind'], line: string): string | null {
  if (line.startsWith('#') || line.trim() === '') return null
  if (kind === 'sysctl') return line.slice(0, line.indexOf('=')).trim()
  return kind === 'udev' ? line.slice(0, line.lastIndexOf('="')) : (line.split(' ')[1] ?? null)
}

/** Sets the value whenever the device appears: udev(7). `%` and `$` begin substitutions, and stand for themselves when doubled. */
function udevRule(path: string, text: string): Kept | null {
  for (const [folder, subsystem] of SUBSYSTEMS) {
    if (!path.startsWith(folder)) continue
    const [device = '', ...attribute] = path.slice(folder.length).split('/')
    const key = `ACTION=="add|change", SUBSYSTEM=="${subsystem}", KERNEL=="${device}", ATTR{${attribute.join('/')}}`
    return { kind: 'udev', key, line: `${key}="${text.replace(/[%$]/g, '$&$&')}"` }
  }
  return null
}

/** Writes the value at boot: tmpfiles.d(5). */
function tmpfilesLine(file: string, text: string): Kept {
  // A lone dash would mean: no argument.
  return { kind: 'tmpfiles', key: file, line: `w ${file} - - - - ${text === '-' ? '\\x2d' : text.replaceAll('\\', '\\\\').replaceAll('%', '%%')}` }
}

function fileOf(knob: Knob, path: string): string {
  return `${{ sysctl: '/proc/sys', sysfs: '/sys', debugfs: '/sys/kernel/debug' }[knob.where.interface]}/${path}`
}
