import { pluginVersion } from '../cycle/plugin-version.js'
import { type Kernel, namedPlugin, shownOptions } from '@semantos/core/kernel'
import type { TuneReport } from '@semantos/core'
import type { TuneSettings } from './settings.js'

/** What a report says of the workload, so that somebody else can measure the same. */
export function measuredWorkload({ plugins }: Kernel, { workloadOrigin }: TuneSettings): TuneReport['workload'] {
  const workload = plugins.find(({ stage }) => stage === 'workload')
  if (!workload) return { name: 'none', plugin: 'none', version: 'unknown', options: {}, origin: null }
  return { name: namedPlugin(workload), plugin: workload.id, version: pluginVersion(workload), options: shownOptions(workload), origin: workloadOrigin }
}
