import { median } from '@semantos/core'
import { TUNE_DEFAULTS } from '@semantos/core/embed'
import { PLANTED } from './study.mjs'

/** docs/false-alarms.md, from the runs. */
export function pageOf({ tunes, nothing, planted, plantedRatio }) {
  const { alpha, budget, minEffectPct, guardTolerancePct } = TUNE_DEFAULTS
  return `# How a tune decides, and how often it is wrong

## The rules

- **Noise first.** Pairs of trials of the same setting (A/A), fewer where few trials fit into the budget, give the noise, and the *floor*: the larger of ${minEffectPct}% (\`--min-effect\`) and of what two
  identical arms typically differ by, the median over all ways to divide those trials into two arms. From the noise follows how many
  blocks an effect needs; where even a factor of two could not be seen, the tune says so and stops.
- **One trial ranks.** Each candidate gets one trial; the best three get another where noise may have put them in the wrong order.
  These trials only rank and choose values: nothing is kept because of them.
- **Together, once.** Where several candidates each showed a little, too little to be proven alone in a few blocks, or more than the budget can
  prove one by one, they are compared as one. While the budget allows, each knob of a bundle is first left out for a trial; one without which that trial
  is no worse, beyond noise, is taken back. What is kept is proven in sum, not member by member, and the report says so where trials of leaving out are missing.
- **Interleaved blocks decide.** The best are compared afresh, one after the other, with what stands, in blocks of one trial each in random
  order. The test is a paired t on logarithms, its variance pooled with that of the A/A pairs. Looks are taken at 3, 4, 5, 6, 8, 10 blocks and at
  the last; each look may spend what Pocock's spending function (Lan and DeMets 1983) adds since the one before.
- **Holm over the candidates.** The chance of keeping anything where nothing helps, ${100 * alpha}%, is divided among the comparisons that may come, at
  most three; each that finds a difference leaves its share to the later ones. Holm's procedure would then go back to those
  that missed the stricter level; they were compared with what stood before, so they are not judged again, which errs on the strict side.
- **Better is more than significant.** The 95% Hodges-Lehmann interval must clear the floor as well, and no guard metric may be worse by more
  than ${guardTolerancePct}% (throughput, and p95 above the objective of \`--slo\`; errors, pressure and free memory have bounds of their own).
- **Hopeless ends early.** A comparison stops where the chance that it will still end with "better" is below 10% (predictive power). This can lose
  an improvement and never make one up. Its verdict names the largest difference that the blocks leave possible.

## Measured

${tunes} tunes each, with the default settings (at most ${budget.trials} trials) and eight candidates, on the synthetic host with its usual noise: the
ratio of two identical trials' p95 has a standard deviation of ${(100 * median(nothing.sd_logs)).toFixed(1)}%, in the median. Where nothing helps, the candidates are knobs that the
host does not contain. Where something does, one is ${PLANTED.knob} on a host that reclaims memory, where its best value takes ${(100 * (1 - plantedRatio)).toFixed(1)}% off p95 (measured
without noise). 95% intervals after Wilson.

| | kept anything | kept the planted knob | kept another | trials, mean |
|---|---|---|---|---|
| nothing helps | ${share(nothing.kept_anything, tunes)} | | | ${(nothing.trials / tunes).toFixed(1)} |
| one helps by 10% | ${share(planted.kept_anything, tunes)} | ${share(planted.kept_planted, tunes)} | ${share(planted.kept_other, tunes)} | ${(planted.trials / tunes).toFixed(1)} |

| verdicts of comparisons | ${VERDICTS.join(' | ')} |
|---|${VERDICTS.map(() => '---|').join('')}
| nothing helps | ${VERDICTS.map((verdict) => nothing.verdicts[verdict] ?? 0).join(' | ')} |
| one helps by 10% | ${VERDICTS.map((verdict) => planted.verdicts[verdict] ?? 0).join(' | ')} |

The planted knob was missed because: ${Object.entries(planted.planted_not_kept_because).map(([reason, count]) => `${reason} (${count})`).join('; ') || 'it never was'}.

Every number was written by \`node experiments/false-alarms/false-alarms.mjs ${tunes}\`, seeded: the same command gives the same page. A test runs the same
tunes and holds them to at most 5% and at least 90%. On a real machine noise is not as well-behaved as here.
`
}

const VERDICTS = ['better', 'worse', 'no difference', 'not enough evidence']

function share(count, total) {
  const z = 1.96
  const centre = (count / total + (z * z) / (2 * total)) / (1 + (z * z) / total)
  const half = (z / (1 + (z * z) / total)) * Math.sqrt(((count / total) * (1 - count / total)) / total + (z * z) / (4 * total * total))
  return `${((100 * count) / total).toFixed(1)}% [${(100 * Math.max(0, centre - half)).toFixed(1)}, ${(100 * (centre + half)).toFixed(1)}]`
}
