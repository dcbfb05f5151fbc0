import type { KnobState } from './knobs.js'
import { type Plugin, SemantosError } from '@semantos/core'

/** A service of this machine runs the same whatever values a sandbox holds: its trials could only mistake noise for an effect. */
export function refuseSandbox(plugins: readonly Plugin[], { readings }: KnobState, config: string | null = null): void {
  const workload = plugins.find(({ stage }) => stage === 'workload')
  const present = [...readings.values()].filter((reading) => reading.status === 'present')
  if (workload?.live !== true || present.length === 0 || present.some(({ live }) => live)) return
  throw new SemantosError('SEMANTOS_E_USAGE', {
    message: `this config tunes a sandbox; ${workload.id} measures this machine, which the values in a sandbox do not affect`,
    place: config,
    next: 'Use a config that extends @semantos/preset-host: semantos init --preset host writes one, --config FILE names one.',
  })
}
