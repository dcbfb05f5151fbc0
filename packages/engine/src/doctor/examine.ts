import type { Catalogue, HostReader } from '@semantos/core'
import { type KnobSurvey, surveyKnobs } from './knobs.js'
import type { Owner } from './boot-files.js'
import { findOwners } from './owners.js'
import { type System, examineSystem } from './system.js'

/** One look at a host: what it is, which knobs it has, who else sets them, and what stands in our way. */
export interface Examination {
  readonly system: System
  readonly knobs: KnobSurvey
  readonly owners: readonly Owner[]
  /** Runs that ended before they were done or were not confirmed in time, and journals that cannot be read. */
  readonly pending: readonly { readonly run: string; readonly what: string }[]
  /** Runs that are taken back at `until`, an ISO time, unless they are confirmed. */
  readonly unconfirmed: readonly { readonly run: string; readonly until: string }[]
  readonly problems: readonly string[]
}

export function examine(host: HostReader, catalogue: Catalogue, runs: Pick<Examination, 'pending' | 'unconfirmed'>): Examination {
  const system = examineSystem(host)
  const problems = [...problemsOf(system), ...runs.pending.map(({ run, what }) => `run ${run}: ${what}`)]
  return { system, knobs: surveyKnobs(host, catalogue), owners: findOwners(host, catalogue), ...runs, problems }
}

function problemsOf(system: System): string[] {
  const problems: string[] = []
  if (!system.root) problems.push('not root: values can be read, not written')
  if (system.virtualization.startsWith('container')) problems.push('inside a container: most knobs belong to the host')
  const psi = system.facilities.find(({ name }) => name === 'PSI')
  if (psi && !psi.available) problems.push(`no pressure stall information (${psi.detail}): boot with psi=1 for better evidence`)
  return problems
}
