import { exportAnsible } from './ansible.js'
import type { Export, Exported } from './items.js'
import { exportKubernetes } from './kubernetes.js'
import { exportShell } from './shell.js'
import { exportSysctlD } from './sysctl-d.js'
import { exportTuned } from './tuned.js'
import { ownWords } from '@semantos/core'

/** Formats by the name they have on the command line. */
export const EXPORTERS = {
  'sysctl.d': ofWholeFiles(exportSysctlD),
  tuned: ofWholeFiles((data) => exportTuned(data)),
  ansible: ofWholeFiles(exportAnsible),
  kubernetes: ofWholeFiles(exportKubernetes),
  shell: ofWholeFiles(exportShell),
} as const satisfies Record<string, (data: Export) => Exported>

/** What other tools read back as a whole they cannot undo one word of. */
function ofWholeFiles(exporter: (data: Export) => Exported): (data: Export) => Exported {
  return ({ items, origin }) => {
    const shared = items.filter(({ knob }) => ownWords(knob.type).length > 0)
    const { text, left } = exporter({ items: items.filter((item) => !shared.includes(item)), origin })
    const reason = 'its file holds many switches, of which others would not take back one'
    return { text, left: [...left, ...shared.map((item) => ({ knob: item.ref, value: item.text, reason }))] }
  }
}

