import { comment } from '../text.js'
import { type Export, type Exported, type Item, inWords } from './items.js'

/** A sysctl.d drop-in, for `sysctl -p` and systemd-sysctl. What is not below /proc/sys has no place in it. */
export function exportSysctlD({ items, origin }: Export): Exported {
  const [sysctls, others] = [items.filter(isSysctl), items.filter((item) => !isSysctl(item))]
  const blocks = sysctls.map((item) => `${comment(`${inWords(item)}: ${item.why}`)}\n${sysctlName(item.path)} = ${item.text}\n`)
  return {
    text: `${comment(`Kernel parameters of ${origin}, exported by SemantOS.`)}\n\n${blocks.join('\n')}`,
    left: others.map(({ ref, text, file }) => ({ knob: ref, value: text, reason: `${file} is not below /proc/sys` })),
  }
}

export function isSysctl({ knob }: Item): boolean {
  return knob.where.interface === 'sysctl'
}

/** Parted by dots, or by slashes where a name has a dot of its own, such as that of a VLAN. */
export function sysctlName(path: string): string {
  return path.includes('.') ? path : path.replaceAll('/', '.')
}
