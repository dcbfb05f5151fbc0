import { type Catalogue, changedAlong, formatValue, type Knob, type KnobRef, knobText, type KnobValue, messageOf, PlanFile, refuses, RunReport, SemantosError, splitRef, z } from '@semantos/core'
import { hostPath, inWriteOrder, refusesPath } from '@semantos/host'

/** One value to be written on other hosts, with all that a format needs to say it. */
export interface Item {
  readonly ref: KnobRef
  readonly knob: Knob
  readonly device: string | null
  /** Below the interface's folder: `vm/swappiness`, `block/vda/queue/scheduler`. */
  readonly path: string
  /** On the host: `/proc/sys/vm/swappiness`. */
  readonly file: string
  readonly from: KnobValue
  readonly to: KnobValue
  /** What the file takes for `to`; one line of printable ASCII. */
  readonly text: string
  readonly why: string
  /** Files of the knobs that a write to this one may change as well. */
  readonly along: readonly string[]
}

/** What is exported, and where it comes from, in words for a comment. */
export interface Export {
  readonly items: readonly Item[]
  readonly origin: string
}

/** A format's text, and what it has no words for. */
export interface Exported {
  readonly text: string
  readonly left: readonly { readonly knob: KnobRef; readonly value: string; readonly reason: string }[]
}

interface Wanted {
  readonly knob: KnobRef
  readonly from: KnobValue
  readonly to: KnobValue
  readonly why: string
}

/**
 * The changes of a plan file, or what a run left applied, in the order in which they are to be written, and the name of that run. Throws
 * SEMANTOS_E_DATA_INVALID for another document, and where a knob or a value is none of the catalogue's.
 */
export function readExport(text: string, file: string, catalogue: Catalogue): Export & { readonly run: string | null } {
  const { origin, run, wanted } = documentOf(text, file)
  return { origin, run, items: inWriteOrder(wanted.map((change) => itemOf(change, catalogue, file))) }
}

function documentOf(text: string, file: string): { origin: string; run: string | null; wanted: readonly Wanted[] } {
  try {
    const json: unknown = JSON.parse(text)
    if (typeof json === 'object' && json !== null && 'kind' in json) {
      const { created, host, changes } = PlanFile.parse(json)
      return { origin: `a plan made on ${host.name} (Linux ${host.kernel}) at ${created}`, run: null, wanted: changes.map(({ knob, from, to, rationale }) => ({ knob, from, to, why: rationale })) }
    }
    const report = RunReport.parse(json)
    return { origin: `run ${report.run} of ${report.time}`, run: report.outcome === 'applied' ? report.run : null, wanted: standing(report, file) }
  } catch (error) {
    if (error instanceof SemantosError) throw error
    const message = error instanceof z.ZodError ? `this is neither a plan nor the report of a run:\n${z.prettifyError(error)}` : `this is not JSON: ${messageOf(error)}`
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message, place: file, cause: error, next: 'Name a file that semantos plan --out or report-json wrote.' })
  }
}

/** What stands after a run, or would after one that was only planned. */
function standing(report: RunReport, file: string): readonly Wanted[] {
  const { outcome, changes, steps, plan } = report
  if (outcome === 'refused' || outcome === 'rolled back') {
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `nothing of run ${report.run} stands: it was ${outcome}`, place: file, next: 'Export a plan, or a run that was applied.' })
  }
  const why = new Map(plan.recommendations.map(({ knob, rationale }) => [knob, rationale]))
  const applied = steps.flatMap((step) => step.applied).map(({ knob, before, stored }) => ({ knob, from: before, to: stored }))
  return (outcome === 'applied' ? applied : changes).map((change) => ({ ...change, why: why.get(change.knob) ?? '' }))
}

function itemOf({ knob: ref, from, to, why }: Wanted, catalogue: Catalogue, place: string): Item {
  const knob = catalogue.get(ref)
  if (!knob) throw new SemantosError('SEMANTOS_E_KNOB_UNKNOWN', { message: `${ref} is not in the catalogue`, place })
  const refusal = refuses(knob, to, 'range')
  if (refusal) throw new SemantosError('SEMANTOS_E_KNOB_VALUE', { message: refusal.message, place })
  const { device } = splitRef(ref)
  const path = pathOn(knob, device)
  const denied = path === null ? 'its device is not one of the knob' : refusesPath(knob.where.interface, path)
  if (path === null || denied !== null) throw new SemantosError('SEMANTOS_E_PATH_REFUSED', { message: `${ref} is refused: ${denied ?? ''}`, place })
  return { ref, knob, device, path, file: fileOf(knob, path), from, to, text: knobText(knob.type, to), why, along: alongOf(knob, device, catalogue) }
}

function alongOf(knob: Knob, device: string | null, catalogue: Catalogue): string[] {
  return changedAlong(knob).flatMap((name) => {
    const other = catalogue.get(name)
    const path = other ? pathOn(other, device) : null
    return other && path !== null ? [fileOf(other, path)] : []
  })
}

/** The knob's path with the device in place of each `*`; null where the two do not fit. */
function pathOn(knob: Knob, device: string | null): string | null {
  const stars = knob.where.path.split('*').length - 1
  if (stars === 0 || device === null) return stars === 0 && device === null ? knob.where.path : null
  const names = stars === 1 ? [device] : device.split(':')
  return names.length === stars ? knob.where.path.replace(/\*/g, () => names.shift() ?? '') : null
}

function fileOf(knob: Knob, path: string): string {
  return hostPath({ interface: knob.where.interface, path })
}

/** `vm.swappiness = 10, was 60`, for people. */
export function inWords({ ref, from, to }: Item): string {
  return `${ref} = ${formatValue(to)}, was ${formatValue(from)}`
}
