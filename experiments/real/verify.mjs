import { hodgesLehmannRatio, median } from '@semantos/stats'
import { shuffled } from '@semantos/core/kernel'

const ROUNDS = 4

/** The start, what the tune kept and the best known settings, in random order in each round: only then can they be compared. */
export async function verify(bench, goal, { start, kept, best }, say) {
  const arms = { start, kept, best }
  const touched = [...new Set(Object.values(arms).flatMap(Object.keys))]
  const usual = Object.fromEntries(touched.map((ref) => [ref, bench.value(ref)]))
  const measured = { start: [], kept: [], best: [] }
  for (let round = 1; round <= ROUNDS; round++) {
    for (const arm of shuffled(Object.keys(arms), bench.random)) {
      await bench.set({ ...usual, ...arms[arm] })
      const { latency } = await bench.trial()
      measured[arm].push(latency[`${goal}_ms`])
      say(`verify ${round}/${ROUNDS}, ${arm}: ${goal} ${latency[`${goal}_ms`].toFixed(2)} ms`)
    }
  }
  await bench.set(usual)
  const medians = Object.fromEntries(Object.entries(measured).map(([arm, values]) => [arm, median(values)]))
  return {
    measured_ms: measured,
    median_ms: medians,
    ratio_to_start: Object.fromEntries(['kept', 'best'].map((arm) => [arm, hodgesLehmannRatio(measured.start, measured[arm])])),
    /** How much of what the best known settings save was saved. */
    share_of_best_pct: (100 * (medians.start - medians.kept)) / (medians.start - medians.best),
  }
}
