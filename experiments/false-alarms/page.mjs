import { median } from '@semantos/stats'
import { TUNE_DEFAULTS } from '@semantos/engine'
import { PLANTED } from './study.mjs'

/** docs/false-alarms.md, from the runs. */
export function pageOf({ tunes, studies, plantedRatio }) {
  const { alpha, minEffectPct, guardTolerancePct } = TUNE_DEFAULTS
  return `# How a tune decides, and how often it is wrong

## The rules

- **Noise first.** Pairs of trials of the same setting (A/A), fewer where few trials fit into the budget, give the noise, and the *floor*: the larger of ${minEffectPct}% (\`--min-effect\`) and of what two
  identical arms typically differ by, the median over all ways to divide those trials into two arms. From the noise follows after how many
  blocks an effect is found in four of five comparisons, at the level that the first of three has to reach; where even a factor of two could not be seen,
  the tune says so and stops. Trials that agree to less than 1% were cut off alike, by a time-out or a histogram's step: that counts as 1%, not as no noise.
- **One trial ranks.** Each candidate gets one trial; the best three get another where noise may have put them in the wrong order.
  These trials only rank and choose values: nothing is kept because of them.
- **Together, once.** Where several candidates each showed a little, too little to be proven alone in a few blocks, or more than the budget can
  prove one by one, they are compared as one. While the budget allows, each knob of a bundle is first left out for a trial; one without which that trial
  is no worse, beyond noise, is taken back. What is kept is proven in sum, not member by member, and the report says so where trials of leaving out are missing.
- **Interleaved blocks decide.** The best are compared afresh, one after the other, with what stands, in blocks of one trial each in random
  order. The test is a paired t on logarithms. Its variance is pooled with that of the A/A pairs, which never count for more than the blocks and not at all where they
  were cut off or the blocks spread more than twice as widely; it is never below the blocks' own. Looks are taken at 3, 4, 5, 6, 8, 10 blocks and at
  the last; each look may spend what Pocock's spending function (Lan and DeMets 1983) adds since the one before.
- **Holm over the candidates.** The chance of keeping anything where nothing helps, ${100 * alpha}%, is divided among the comparisons that may come, at
  most three; each that finds a difference leaves its share to the later ones. Holm's procedure would then go back to those
  that missed the stricter level; they were compared with what stood before, so they are not judged again, which errs on the strict side.
- **Better is more than significant.** The Hodges-Lehmann interval must clear the floor as well: it holds 95%, and 90% where the first look, at three blocks,
  decides. And no guard metric may be worse by more than ${guardTolerancePct}% (throughput, and p95 above the objective of \`--slo\`) or ten points (pressure), nor by more than
  identical trials differ in it; errors, lost memory, and what is worse by half or by thirty points are damage whatever the noise.
- **Hopeless ends early.** A comparison stops where the chance that it will still end with "better" is below 10% (predictive power). This can lose
  an improvement and never make one up; it does not show that there is none. "No difference larger than X" is said only where both ends of the interval lie within the
  floor, at 95% over all looks; else it is "inconclusive", with the largest improvement that the interval leaves possible. Harm that is not proven at its level is called that as well.

## Measured

${tunes} tunes each, with the default settings but for the number of trials, and eight candidates, on the synthetic host with its usual noise: the
ratio of two identical trials' p95 has a standard deviation of ${(100 * median(studies[0].nothing.sd_logs)).toFixed(1)}%, in the median. Where nothing helps, the candidates are knobs that the
host does not contain. Where something does, one is ${PLANTED.knob} on a host that reclaims memory, where its best value takes ${(100 * (1 - plantedRatio)).toFixed(1)}% off p95 (measured
without noise). 95% intervals after Wilson.

| | trials at most | kept anything | kept the planted knob | kept another | trials, mean |
|---|---|---|---|---|---|
${rows(studies, (name, budget, counts, planted) => `| ${name} | ${budget} | ${share(counts.kept_anything, tunes)} | ${planted ? share(counts.kept_planted, tunes) : '-'} | ${planted ? share(counts.kept_other, tunes) : '-'} | ${(counts.trials / tunes).toFixed(1)} |`)}

| verdicts of comparisons | trials at most | ${VERDICTS.join(' | ')} |
|---|---|${VERDICTS.map(() => '---|').join('')}
${rows(studies, (name, budget, { verdicts }) => `| ${name} | ${budget} | ${VERDICTS.map((verdict) => verdicts[verdict] ?? 0).join(' | ')} |`)}

${studies.map(({ budget, planted }) => `With ${budget} trials the planted knob was missed because: ${Object.entries(planted.planted_not_kept_because).map(([reason, count]) => `${reason} (${count})`).join('; ') || 'it never was'}.`).join('\n\n')}

What few trials give: with ${studies[1].budget} there is one comparison of some five blocks, so an effect that is hardly larger than the noise is mostly missed (found in ${percent(studies[1].planted.kept_planted, tunes)}, against
${percent(studies[0].planted.kept_planted, tunes)} with ${studies[0].budget}). What helps is then often proven together with what does nothing, for want of trials to leave it out: ${percent(studies[1].planted.kept_other, tunes)} keep such a knob beside it.
Where nothing helps, what is kept stays within the 5%. Few trials are for what is set badly, where the effect is a factor of two and more, as in the [real experiments](../experiments/real/README.md).

Every number was written by \`node experiments/false-alarms/false-alarms.mjs ${tunes}\`, seeded: the same command gives the same page. A test runs the same
tunes and holds them to at most 5% that keep anything where nothing helps, with either number of trials, and to at least 90% that find the planted knob with ${studies[0].budget}. On a
real machine noise is not as well-behaved as here.
`
}

/** A row each for nothing that helps and for one that does, for each number of trials. */
function rows(studies, row) {
  return studies.flatMap(({ budget, nothing, planted }) => [row('nothing helps', budget, nothing, false), row('one helps by 10%', budget, planted, true)]).join('\n')
}

const VERDICTS = ['better', 'worse', 'no difference', 'inconclusive']

function percent(count, total) {
  return `${((100 * count) / total).toFixed(1)}%`
}

function share(count, total) {
  const z = 1.96
  const centre = (count / total + (z * z) / (2 * total)) / (1 + (z * z) / total)
  const half = (z / (1 + (z * z) / total)) * Math.sqrt(((count / total) * (1 - count / total)) / total + (z * z) / (4 * total * total))
  return `${percent(count, total)} [${(100 * Math.max(0, centre - half)).toFixed(1)}, ${(100 * (centre + half)).toFixed(1)}]`
}
