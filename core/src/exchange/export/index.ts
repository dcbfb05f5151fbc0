import { exportAnsible } from './ansible.js'
import type { Export, Exported } from './items.js'
import { exportKubernetes } from './kubernetes.js'
import { exportShell } from './shell.js'
import { exportSysctlD } from './sysctl-d.js'
import { exportTuned } from './tuned.js'

/** Formats by the name they have on the command line. */
export const EXPORTERS = {
  'sysctl.d': exportSysctlD,
  tuned: (data) => exportTuned(data),
  ansible: exportAnsible,
  kubernetes: exportKubernetes,
  shell: exportShell,
} as const satisfies Record<string, (data: Export) => Exported>

export { type Export, type Exported, type Item, readExport } from './items.js'
