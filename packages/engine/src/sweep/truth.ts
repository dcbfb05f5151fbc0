import { type Edge, KnobName, type KnobRef, type Plugin, z } from '@semantos/core'
import { nativeImport } from '../config/native-import.js'
import type { KnownInteraction, Truth } from './report.js'

const Published = z.object({ INTERACTIONS: z.array(z.object({ knobs: z.tuple([KnobName, KnobName]), kind: z.enum(['synergizes_with', 'conflicts_with']) })) })

/** A workload that is a model may export `INTERACTIONS`, the pairs of knobs whose effects do not add up. Null where it does not. */
export async function publishedBy(workload: Plugin | undefined): Promise<readonly KnownInteraction[] | null> {
  if (!workload?.from) return null
  const published = Published.safeParse(await nativeImport(workload.from))
  return published.success ? published.data.INTERACTIONS : null
}

/** How many of the found interactions are real, and how many of the real ones among the knobs swept were found. */
export function truthOf(known: readonly KnownInteraction[], swept: readonly KnobRef[], found: readonly Edge[]): Truth {
  const inScope = known.filter(({ knobs }) => knobs.every((knob) => swept.includes(knob)))
  const real = new Set(inScope.map(({ knobs, kind }) => nameOf(knobs, kind)))
  const seen = new Set(found.map(({ from, to, kind }) => nameOf([from, to], kind)))
  const right = [...seen].filter((name) => real.has(name)).length
  return {
    precision: seen.size === 0 ? 1 : right / seen.size,
    recall: real.size === 0 ? 1 : right / real.size,
    missed: [...real].filter((name) => !seen.has(name)).sort(),
    invented: [...seen].filter((name) => !real.has(name)).sort(),
  }
}

function nameOf(knobs: readonly string[], kind: string): string {
  const [one, other] = [...knobs].sort()
  return `${one} ${kind} ${other}`
}
