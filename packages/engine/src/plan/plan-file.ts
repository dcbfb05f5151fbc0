import { readFileSync } from 'node:fs'
import { type HostReader, messageOf, PlanFile, type RunReport, SemantosError, z } from '@semantos/core'
import { writeFileAtomic } from '@semantos/host'
import type { EngineParts } from '../run/engine-run.js'

/** A plan's changes on paper, for a person to approve. */
export function planFileOf(report: RunReport, { kernel, config, place }: EngineParts): PlanFile {
  const reasons = new Map(report.plan.recommendations.map((recommendation) => [recommendation.knob, recommendation]))
  return {
    kind: 'semantos-plan',
    schema_version: 1,
    created: report.time,
    host: hostOf(kernel.host),
    config: config.file,
    netns: place.scope?.name ?? null,
    changes: report.changes.flatMap(({ knob, from, to }) => {
      const [entry, why] = [kernel.catalogue.get(knob), reasons.get(knob)]
      if (!entry || !why) return []
      return [{ knob, from, to, rationale: why.rationale, cues: why.cues, risk: entry.risk, takes_effect: entry.takes_effect, survives_reboot: entry.persist === 'none' ? 'never' : 'with --persist' }]
    }),
    plan: report.plan,
  }
}

export function writePlanFile(file: string, plan: PlanFile): void {
  writeFileAtomic(file, `${JSON.stringify(plan, null, 2)}\n`)
}

export function readPlanFile(file: string): PlanFile {
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
