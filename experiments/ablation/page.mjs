import { bootstrapMedians, median } from '@semantos/stats'

const MOST = 150

/** docs/ablation.md, from the runs. */
export function pageOf({ runs, guarded, arms, families, firstOnly, hosts, edges, random }) {
  const of = (arm, host) => runs.filter((run) => run.arm === arm && (host === null ? run.seed <= families : run.host === host))
  const trials = (some) => some.map(({ reached }) => reached ?? MOST)
  const interval = (values) => `${median(values).toFixed(0)} [${bootstrapMedians(values, values, (a) => a, { random }).map((end) => end.toFixed(0)).join(', ')}]`
  const share = (count, total) => {
    const z = 1.96
    const centre = (count / total + (z * z) / (2 * total)) / (1 + (z * z) / total)
    const half = (z / (1 + (z * z) / total)) * Math.sqrt(((count / total) * (1 - count / total)) / total + (z * z) / (4 * total * total))
    return `${((100 * count) / total).toFixed(1)}% [${(100 * (centre - half)).toFixed(1)}, ${(100 * (centre + half)).toFixed(1)}]`
  }
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
  const row = (cells) => `| ${cells.join(' | ')} |`
  const armRow = (arm) => row([
    arm, interval(trials(of(arm, null))), share(of(arm, null).filter(({ reached }) => reached !== null).length, of(arm, null).length), interval(trials(of(arm, 1))), interval(trials(of(arm, hosts))),
    mean(of(arm, null).map(({ improvement }) => improvement)).toFixed(1), mean(of(arm, null).map(({ harmful }) => harmful)).toFixed(2),
  ])
  const fullMedian = median(trials(of('full', null)))
  const difference = (arm, host, where) => {
    const differences = of('full', host).map((run) => (of(arm, run.host).find(({ seed }) => seed === run.seed)?.reached ?? MOST) - (run.reached ?? MOST))
    const [low, high] = bootstrapMedians(differences, differences, (a) => a, { random })
    const verdict = low > 0 ? 'more trials' : high < 0 ? 'fewer trials' : 'no difference that these runs show'
    return `${where} ${median(differences).toFixed(0)} [${low.toFixed(0)}, ${high.toFixed(0)}], ${verdict}`
  }
  const differences = (arm) => `- ${arm}, trials beyond those of the full system on the same host, median: ${difference(arm, 1, 'first hosts')}; ${difference(arm, null, 'all ten hosts')}.`
  const learning = (arm) => {
    const saved = of(arm, hosts).map((run) => (of(arm, 1).find(({ seed }) => seed === run.seed)?.reached ?? MOST) - (run.reached ?? MOST))
    return `${median(saved).toFixed(0)} [${bootstrapMedians(saved, saved, (a) => a, { random }).map((end) => end.toFixed(0)).join(', ')}]`
  }
  const harmed = (arm) => mean(of(arm, null).map(({ harmful }) => harmful))
  const reading = [
    difference('without guardrails', 1, '').includes('more trials') ? 'Guardrails save trials: what they refuse is not measured.' : '',
    harmed('full') > harmed('without graph') ? 'The graph costs trials that harm: it begins a pair at the ends of both ranges.' : '',
    difference('without reasoning', 1, '').includes('more trials') ? '' : "The kit's rules save no trials here: a search of single knobs finds what they recommend as fast.",
    difference('without graph', 1, '').includes('more trials') ? 'Without the graph a first host needs more trials.' : 'That the graph saves trials on a first host, these runs do not show.',
    difference('without memory', null, '').includes('more trials') ? 'Memory is worth most: the settings of a similar host are nearly those of this one.' : '',
  ].filter(Boolean)
  return `# What each part is worth

Ablation on the synthetic host (\`@semantos/workload-synthetic\`). Every number on this page was written by \`experiments/ablation/ablation.mjs ${families} ${firstOnly}\`, seeded: the same
command gives the same page. It is about the model, whose sizes are chosen and not measured; it says how the parts hang together, not what they bring on a machine of yours.

## The experiment

${families} families of ${hosts} similar hosts each: load, traffic, uploads, memory and NUMA nodes are drawn for the family, and each host lies within 10% of it; and ${firstOnly} more families of which only the first host is
tuned, where no memory hides what the other parts do. On each host a search
looks for a low p95 with nine knobs, and stops when no move helps or after ${MOST} trials. A trial has 1,500 requests and the noise of traffic that varies by 1%.

- **memory**: the settings of the two best of the five nearest past runs (\`knowledge-json\`) are tried first, and rules weigh what they recommend by all five. The first host of a family has none.
- **reasoning**: what \`reasoning-rules\` (the kit's rules) recommends is tried next, all in one, and its knobs are moved first. Without it, the order is random.
- **graph** (\`knowledge-graph\`, with the ${edges} edges that \`semantos sweep\` measured on the host of the defaults): rules leave out what conflicts; pairs in synergy are moved together
  first; a knob whose rival has been moved already waits.
- **guardrails** (\`guardrails-bounds\`): what they refuse is not tried.

The best p95 of each host comes from an exhaustive search over single knobs and interacting pairs without noise; it was never shown to the search. Intervals hold 95%: of
medians by bootstrap, of shares after Wilson.

## Trials to come within 2% of the best

Searches that did not come so near count with ${MOST}.

| system | trials, median of ten hosts | came so near | first host (${families + firstOnly}) | tenth host (${families}) | p95 lower by, mean % | trials that harmed (p95 +10%), mean |
|---|---|---|---|---|---|---|
${arms.map(armRow).join('\n')}

${arms.filter((arm) => arm !== 'full').map(differences).join('\n')}

${reading.join(' ')}

### The first host against the tenth

How many trials fewer the tenth host of a family needed than the first, median of ${families} families: ${learning('full')} with the full system, ${learning('without memory')} without memory.

## Harmful proposals stopped

${guarded.harmful + guarded.harmless} proposals of one to three knobs with values drawn (evenly on a logarithmic scale) from what the kernel accepts, as a confused reasoner might make them. Harmful means
a p95 more than 5% above the defaults', without noise.

| | stopped |
|---|---|
| of ${guarded.harmful} harmful ones | ${share(guarded.harmfulStopped, guarded.harmful)} |
| of ${guarded.harmless} harmless ones | ${share(guarded.harmlessStopped, guarded.harmless)} |

Without guardrails none is stopped. What passes is harmful inside the safe bounds: guardrails keep a host alive; that a change helps, only a measurement shows. They stop many
harmless ones too, because a value outside the safe bounds is refused whatever it would do to this workload.

## Beside the paper

| the SemantOS paper | here |
|---|---|
| 38..52 configurations to within 2% of the best | ${fullMedian.toFixed(0)} in the median, ${median(trials(of('full', 1))).toFixed(0)} on the first host, ${median(trials(of('full', hosts))).toFixed(0)} on the tenth |
| the graph takes 9% off the median latency (21.4 to 19.5 ms) | mean p95 reduction ${mean(of('full', null).map(({ improvement }) => improvement)).toFixed(1)}% with it and ${mean(of('without graph', null).map(({ improvement }) => improvement)).toFixed(1)}% without |
| retrieval takes 8% off (21.2 to 19.5 ms) | ${mean(of('full', null).map(({ improvement }) => improvement)).toFixed(1)}% with memory and ${mean(of('without memory', null).map(({ improvement }) => improvement)).toFixed(1)}% without |
| without safety, anomalies double (2.4% to 4.9%) | harmful trials a search: ${mean(of('full', null).map(({ harmful }) => harmful)).toFixed(2)} with guardrails, ${mean(of('without guardrails', null).map(({ harmful }) => harmful)).toFixed(2)} without |

The numbers are not the paper's, and there is no reason why they should be: its hosts were others, its reasoner was a language model, and here a search goes on until nothing helps, so that
every system ends near the same p95 and the parts differ in how soon. The search of this experiment moves the knobs itself and is not \`semantos tune\`; it uses the same plugins through
the same hooks.
`
}
