import { formatValue, type Knob, type KnobRef, type KnobValue, type Reading, type Recommendation, refuses, sameValue, type Snapshot, type Subsystem } from '@semantos/core'
import { guessable, ownProposal } from './guess.js'

/** Each costs a trial. */
const MOST = 4
/** These move whatever the knob: they point to none. */
const GOALS: ReadonlySet<string> = new Set(['p50_ms', 'p95_ms', 'p99_ms', 'throughput_per_s', 'error_pct'])
/** What shows that a subsystem is in use where a knob has no counter of its own, or one that moves on trouble only. */
const TRAFFIC: Partial<Record<Subsystem, readonly string[]>> = { tcp: ['tcp.out_segs_per_s'], udp: ['udp.in_datagrams_per_s'], 'net-core': ['softnet.processed_per_s'] }

/**
 * What stands away from the kernel's own default although its counters move, back at that default: the first thing an
 * expert tries where no symptom explains a slow service. A guess is worth a trial here, since only what is proven to help
 * is kept; a plan to be applied unmeasured has no such recommendations. Risky knobs, and those that a trial cannot judge, are left alone.
 */
export function deviations(scope: readonly Knob[], readings: ReadonlyMap<KnobRef, Reading>, { metrics }: Snapshot, taken: ReadonlySet<KnobRef>): Recommendation[] {
  const moving = new Set(metrics.filter(({ value }) => value !== 0).map(({ name }) => name))
  const found = guessable(scope, readings, taken).flatMap(({ ref, device, knob, now }) => {
    const usual = usualValue(knob, now)
    if (usual === null) return []
    const counters = [...knob.evidence.filter((metric) => !GOALS.has(metric)), ...(TRAFFIC[knob.subsystem] ?? [])]
    const moved = counters.filter((metric) => moving.has(device === null ? metric : `${metric}[${device}]`))
    return moved.length === 0 ? [] : [{ ref, now, usual, moved }]
  })
  return found
    .sort((a, b) => b.moved.length - a.moved.length || (a.ref < b.ref ? -1 : 1))
    .slice(0, MOST)
    .map(({ ref, now, usual, moved }) =>
      ownProposal(
        ref,
        usual,
        `It stands at ${formatValue(now)} and the kernel's own default is ${formatValue(usual)}. What it acts on is in use (${moved.join(', ')}), so the default is tried; no symptom asks for it.`,
      ),
    )
}

/** The kernel's default where that differs and is safe. The 0 of a pair that excludes each other means "the other one counts": it is no value to go back to. */
function usualValue(knob: Knob, now: KnobValue): KnobValue | null {
  const { default: usual } = knob
  if (usual === null || sameValue(usual, now) || (usual === 0 && knob.resets.length > 0)) return null
  return refuses(knob, usual, 'safe') === null ? usual : null
}
