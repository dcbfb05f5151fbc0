import { comment } from '../text.js'
import { type Export, type Exported, type Item, inWords } from './items.js'
import { isSysctl } from './sysctl-d.js'

/** A profile for tuned: sysctls by name, everything else by its file, so that it means the same on every version of tuned. */
export function exportTuned({ items, origin }: Export, include: string | null = null): Exported {
  const left = items.flatMap((item) => {
    const reason = unsayable(item)
    return reason === null ? [] : [{ knob: item.ref, value: item.text, reason }]
  })
  const sayable = items.filter((item) => unsayable(item) === null)
  const sections = [
    comment(`Kernel parameters of ${origin}, exported by SemantOS.`),
    `[main]\nsummary=Kernel parameters exported by SemantOS${include === null ? '' : `\ninclude=${include}`}`,
    section('sysctl', sayable.filter(isSysctl), ({ path }) => path.replaceAll('/', '.')),
    section('sysfs', sayable.filter((item) => !isSysctl(item)), ({ file }) => file),
  ]
  return { text: `${sections.filter((part) => part !== '').join('\n\n')}\n`, left }
}

function section(name: string, items: readonly Item[], key: (item: Item) => string): string {
  if (items.length === 0) return ''
  return [`[${name}]`, ...items.map((item) => `${comment(`${inWords(item)}: ${item.why}`)}\n${key(item)}=${item.text}`)].join('\n')
}

/** tuned reads every dot of a sysctl's name as a slash, and some characters of a value as its own. */
function unsayable(item: Item): string | null {
  if (isSysctl(item) && item.path.includes('.')) return 'tuned cannot name a parameter that has a dot in a part of its name'
  return /\s#|\$\{|^["<>]/.test(item.text) ? 'tuned would read the value as something else' : null
}
