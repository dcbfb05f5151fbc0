import { readFileSync } from 'node:fs'
import { formatValue, type HostReader, messageOf, PlanFile, type Reading, type RunReport, sameValue, SemantosError, splitRef, z } from '@semantos/core'
import { writeFileAtomic } from '@semantos/host'
import type { Session } from './session.js'

/** A plan's changes on paper, for somebody to agree to. */
export function planFileOf(report: RunReport, { kernel, config }: Pick<Session, 'kernel' | 'config'>, netns: string | null): PlanFile {
  const reasons = new Map(report.plan.recommendations.map((recommendation) => [recommendation.knob, recommendation]))
  return {
    kind: 'semantos-plan',
    schema_version: 1,
    created: report.time,
    host: hostOf(kernel.host),
    config: config.file,
    netns,
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

/** Refuses a plan of another config where this one's scope and appliers do not reach its knobs. */
export function mustReach(file: string, plan: PlanFile, { kernel, config }: Pick<Session, 'kernel' | 'config'>, readings: ReadonlyMap<string, Reading>): void {
  if (plan.config === config.file) return
  const scope = new Set(kernel.catalogue.matching(config.knobs).map(({ name }) => name))
  const beyond = plan.changes.map(({ knob }) => knob).filter((knob) => !readings.has(knob) || !scope.has(splitRef(knob).name))
  if (beyond.length === 0) return
  throw new SemantosError('SEMANTOS_E_USAGE', {
    message: `this plan was made with ${plan.config}; ${config.file} does not reach ${beyond.join(', ')}`,
    place: file,
    next: `Add --config ${plan.config}.`,
  })
}

/** Refuses a plan that was made for another host, before a restart, or for values that are no longer so. */
export function mustStillFit(file: string, plan: PlanFile, host: HostReader, netns: string | null, readings: ReadonlyMap<string, Reading>): void {
  if (plan.netns !== netns) {
    const message = `the plan was made for ${spaceOf(plan.netns)}, and is applied to ${spaceOf(netns)}`
    throw new SemantosError('SEMANTOS_E_PLAN_STALE', { message, place: file, next: 'Give --netns as it was given to semantos plan.' })
  }
  const now = hostOf(host)
  const moved = [
    ...(now.name === plan.host.name ? [] : [`it was made on ${plan.host.name}, this is ${now.name}`]),
    ...(now.kernel === plan.host.kernel ? [] : [`it was made for kernel ${plan.host.kernel}, this is ${now.kernel}`]),
    ...(now.boot_id === plan.host.boot_id ? [] : ['the machine has been restarted since']),
    ...plan.changes.flatMap(({ knob, from }) => {
      const reading = readings.get(knob)
      if (reading?.status === 'present' && sameValue(reading.value, from)) return []
      return [`${knob} was ${formatValue(from)} and is ${reading?.status === 'present' ? formatValue(reading.value) : (reading?.reason ?? 'unclaimed')}`]
    }),
  ]
  if (moved.length > 0) throw new SemantosError('SEMANTOS_E_PLAN_STALE', { message: `the host has changed since the plan was made: ${moved.join('; ')}`, place: file })
}

function spaceOf(netns: string | null): string {
  return netns === null ? "the host's own network namespace" : `the network namespace ${netns}`
}

function hostOf(host: HostReader): PlanFile['host'] {
  const line = (path: string) => {
    const read = host.open(path).read()
    return 'text' in read ? read.text.trim() : 'unknown'
  }
  return { name: line('/proc/sys/kernel/hostname'), kernel: line('/proc/sys/kernel/osrelease'), boot_id: line('/proc/sys/kernel/random/boot_id') }
}
