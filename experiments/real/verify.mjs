import { hodgesLehmannRatio, median } from '@semantos/core'

const ROUNDS = 4

/** The start, what the tune kept and the best known settings, in random order in each round: only then can they be compared. */
export async function verify(bench, { start, kept, best }, say) {
  const arms = { start, kept, best }
  const touched = [...new Set(Object.values(arms).flatMap(Object.keys))]
  const usual = Object.fromEntries(touched.map((ref) => [ref, bench.value(ref)]))
  const p95 = { start: [], kept: [], best: [] }
  for (let round = 1; round <= ROUNDS; round++) {
    for (const arm of shuffled(Object.keys(arms), bench.random)) {
      await bench.set({ ...usual, ...arms[arm] })
      const { latency } = await bench.trial()
      p95[arm].push(latency.p95_ms)
      say(`verify ${round}/${ROUNDS}, ${arm}: p95 ${latency.p95_ms.toFixed(2)} ms`)
    }
  }
  await bench.set(usual)
  const medians = Object.fromEntries(Object.entries(p95).map(([arm, values]) => [arm, median(values)]))
  return {
    p95_ms: p95,
    median_p95_ms: medians,
    ratio_to_start: Object.fromEntries(['kept', 'best'].map((arm) => [arm, hodgesLehmannRatio(p95.start, p95[arm])])),
    /** How much of what the best known settings save was saved. */
    share_of_best_pct: (100 * (medians.start - medians.kept)) / (medians.start - medians.best),
  }
}

/** Fisher and Yates. */
function shuffled(items, random) {
  const rest = [...items]
  return items.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0])
}
