import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type HostReader, messageOf, PlanFile, type RunReport, SemantosError, z } from '@semantos/core'
import { writeFileAtomic } from '@semantos/host'
import type { EngineParts } from '../run/engine-run.js'

/** How long a plan may be applied after it was made. */
const VALID_FOR_MS = 7 * 24 * 3_600_000

/** A plan's changes as one object that a person can approve. */
export function planFileOf(report: RunReport, { kernel, config, place }: EngineParts): PlanFile {
  const reasons = new Map(report.plan.recommendations.map((recommendation) => [recommendation.knob, recommendation]))
  return sealed({
    kind: 'semantos-plan',
    schema_version: 2,
    created: report.time,
    expires: new Date(Date.parse(report.time) + VALID_FOR_MS).toISOString(),
    host: hostOf(kernel.host),
    config: config.file,
    netns: place.scope?.name ?? null,
    changes: report.changes.flatMap(({ knob, from, to }) => {
      const [entry, why] = [kernel.catalogue.get(knob), reasons.get(knob)]
      if (!entry || !why) return []
      const { value: _to, ...recommendation } = why
      return [{ ...recommendation, from, to, risk: entry.risk, takes_effect: entry.takes_effect, survives_reboot: entry.persist === 'none' ? 'never' : 'with --persist' }]
    }),
  })
}

/** The plan with its digest. */
export function sealed(plan: Undigested): PlanFile {
  return { ...plan, digest: digestOf(plan) }
}

type Undigested = Omit<PlanFile, 'digest'>

const Body = PlanFile.omit({ digest: true })

/** Over the fields in the order of the schema, so that a file that was only laid out anew keeps its digest. */
function digestOf(plan: Undigested): string {
  return createHash('sha256').update(JSON.stringify(Body.parse(plan))).digest('hex')
}

export function writePlanFile(file: string, plan: PlanFile): void {
  writeFileAtomic(file, `${JSON.stringify(plan, null, 2)}\n`)
}

/** Throws SEMANTOS_E_DATA_INVALID for what is no plan, and for a plan that is not as it was written. */
export function readPlanFile(file: string): PlanFile {
  const { digest, ...plan } = parsed(file)
  if (digestOf(plan) === digest) return { ...plan, digest }
  throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: 'the plan was edited: its digest does not fit its content', place: file, next: 'Make a plan anew with semantos plan --out FILE; to change what it changes, change the config.' })
}

function parsed(file: string): PlanFile {
  try {
    return PlanFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const message = error instanceof z.ZodError ? `this is not a plan file:\n${z.prettifyError(error)}` : `cannot read the plan: ${messageOf(error)}`
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message, place: file, cause: error, next: 'Write one with semantos plan --out FILE.' })
  }
}

/** What tells this host, and this boot of it, from others. */
export function hostOf(host: HostReader): PlanFile['host'] {
  const line = (path: string) => {
    const read = host.open(path).read()
    return 'text' in read ? read.text.trim() : 'unknown'
  }
  return { name: line('/proc/sys/kernel/hostname'), kernel: line('/proc/sys/kernel/osrelease'), boot_id: line('/proc/sys/kernel/random/boot_id') }
}
