import type { Item } from './items.js'

/** Folders whose entries udev knows as devices, and the name of their subsystem. */
const SUBSYSTEMS = [['block/', 'block'], ['class/net/', 'net']] as const

/** A rule that writes the value whenever the device appears (udev(7)), or null where the knob is not an attribute of one. */
export function udevRule({ path, text }: Item): { rule: string; subsystem: string } | null {
  for (const [folder, subsystem] of SUBSYSTEMS) {
    const [device, ...attribute] = path.startsWith(folder) ? path.slice(folder.length).split('/') : []
    if (device === undefined || attribute.length === 0) continue
    // % and $ begin substitutions; they stand for themselves when doubled.
    const value = text.replace(/[%$]/g, '$&$&')
    return { rule: `ACTION=="add|change", SUBSYSTEM=="${subsystem}", KERNEL=="${device}", ATTR{${attribute.join('/')}}="${value}"`, subsystem }
  }
  return null
}

/** A line of tmpfiles.d(5) that writes the value at boot. */
export function tmpfilesLine({ file, text }: Item): string {
  // A lone dash would mean: no argument.
  return `w ${file} - - - - ${text === '-' ? '\\x2d' : text.replaceAll('\\', '\\\\').replaceAll('%', '%%')}`
}
