// Writes docs/comparison.md from results/*.json; runs by itself too: node experiments/compare/page.mjs
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bootstrapMedians, hodgesLehmannRatio, median } from '@semantos/stats'
import { streams } from '@semantos/core/kernel'
import { idOf } from './task.mjs'

const RESULTS = new URL('results/', import.meta.url)
const PAGE = new URL('../../docs/comparison.md', import.meta.url)

export function writePage() {
  writeFileSync(PAGE, recordedPage())
}

/** The page of what is in results/. */
export function recordedPage() {
  const files = readdirSync(RESULTS).filter((file) => file.endsWith('.json')).sort()
  const read = (file) => JSON.parse(readFileSync(new URL(file, RESULTS), 'utf8'))
  const synthetic = files.includes('synthetic.json') ? read('synthetic.json') : null
  return pageOf(files.filter((file) => file !== 'synthetic.json').map(read), synthetic)
}

/** The whole page; `real` holds one run a workload. */
export function pageOf(real, synthetic) {
  const parts = [INTRODUCTION, ...(real.length > 0 ? [REAL, ...real.map(workloadSection)] : []), ...(synthetic ? [syntheticSection(synthetic)] : []), FAIRNESS]
  return `${parts.join('\n\n')}\n`
}

const INTRODUCTION = `# Side by side

SemantOS beside what else one might do with the same machine, the same workload and the same number of trials, in one run. Every number on this page was
written by \`experiments/compare/page.mjs\` from [what the runs recorded](https://github.com/semantos/semantos/tree/main/experiments/compare/results).

- **untouched**: the start, left as it is. Ratios are to this; below 1 is faster.
- **tuned**: profiles of Debian's tuned, the one that \`tuned-adm recommend\` names and the one made for the workload's kind, read by \`semantos import\` and applied whole.
- **the kit**: the reproduction kit's eight recommendations, those that exist on this kernel.
- **random search**: all knobs in scope drawn evenly from the catalogue's search ranges; the best trial wins.
- **Optuna's TPE**: the same by Debian's python3-optuna with its defaults, driven by ask and tell.
- **SemantOS**: \`semantos tune\`. Its measuring of the noise, its comparisons and its heal check are paid from the same budget.
- **best known**: settings that a ladder of measurements had found before, told and not found: how far one can get.`

const REAL = `## Real workloads

The experiments of [experiments/real](https://github.com/semantos/semantos/blob/main/experiments/real/README.md), from the start that each names. Final p95: the median of trials in interleaved blocks of
random order, all methods together, after the last method was done; with the 95% interval of the median by bootstrap. Ratio: Hodges and Lehmann's, with its interval.`

const FAIRNESS = `## What is equal, and what is not

- Same workload file, same start, same treatment of a trial (restart of the service, caches, settling) for all; trials that fail count.
- The searchers are told the workload's subsystems, because in the whole catalogue of some 300 knobs they have no hope within the budget. Of two knobs that
  exclude each other they get the one in bytes; knobs of high risk are left out. SemantOS is told nothing and has the whole catalogue.
- The searchers are held to the rules against running out of memory and starvation and to the order of pairs: a draw against them, or one
  that the kernel refuses, leaves that knob as it is and costs no trial. The size of their steps is not limited; that of SemantOS is.
- A searcher takes the best of noisy trials; what that is worth shows in the final blocks. A method that ends at the start shares the start's trials.
- Profiles and the kit cost one trial, the kit one more to see the p95 that its rules ask for. The worst p95 is of all trials on the way, those of the start included.
- All writes go through the journal, so "left changed" compares every knob of the catalogue, byte for byte, before and after each method. For the same reason tuned's daemon is not run:
  its own writes would stand in no journal.`

function workloadSection({ workload, machine, time, start, seed, trials, blocks, scope, methods, final_p95_ms: finals, left_changed: left }) {
  const random = streams(seed)('page')
  const startP95s = finals[idOf([])]
  const inScope = methods.find(({ knobs_in_scope: count }) => count !== undefined)?.knobs_in_scope ?? 0
  return `### ${workload}

Start: ${listed(Object.entries(start).map(([knob, value]) => ({ knob, value })))}. ${trials} trials for each, then ${blocks} blocks. The searchers have ${inScope} knobs: those of ${scope.subsystems.join(', ')}. ${machine}, ${time.slice(0, 10)}.

${table(methods.map((row) => workloadRow(row, startP95s, finals, random)))}

${methods.flatMap(settledOn).join('\n')}

After the whole run ${left.length === 0 ? 'every knob of the catalogue was as before it, to the byte' : `these differed: ${left.join(', ')}`}.`
}

const HEAD = ['', 'final p95 ms', 'ratio to untouched', 'trials', 'worst p95 on the way ms', 'left changed', 'wall time']

function table(rows) {
  return [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function workloadRow({ name, left_out: leftOut, settings, trials, failed_trials: failed, worst_p95_ms: worst, left_changed: left, wall_s: wall }, startP95s, finals, random) {
  if (leftOut) return [name, `left out: ${leftOut}`, '', '', '', '', '']
  const p95s = finals[idOf(settings)]
  const measured = p95s.filter((p95) => p95 !== null)
  const ratio = settings.length === 0 ? '1' : ratioInWords(startP95s, measured)
  const final = measured.length < p95s.length ? `${measured.length} of ${p95s.length} trials failed` : withInterval(measured, random)
  return [name, final, ratio, failed > 0 ? `${trials} (${failed} failed)` : trials, worst === null ? '' : number(worst), left.length === 0 ? 'none' : left.join(', '), duration(wall)]
}

function ratioInWords(before, after) {
  if (after.length === 0) return ''
  const { ratio, low, high } = hodgesLehmannRatio(before, after)
  return `${number(ratio)} [${number(low)}, ${number(high)}]`
}

function settledOn({ name, settings, words }) {
  if (name === 'untouched' || settings === undefined) return []
  const what = settings.length === 0 ? 'the start itself' : settings.length > 8 ? `${listed(settings.slice(0, 4))} and ${settings.length - 4} more` : listed(settings)
  return [`- ${name}: ${what}${words === '' ? '' : ` (${words.split(',')[0]})`}`]
}

function listed(settings) {
  return settings.length === 0 ? 'the values as found' : settings.map(({ knob, value }) => `\`${knob}\` = ${[value].flat().join(' ')}`).join(', ')
}

/** One line a method: medians over the hosts, with their 95% intervals by bootstrap over the hosts. */
function syntheticSection({ command, runs }) {
  const random = streams(1)('page')
  const [{ trials, blocks, methods }] = runs
  const rows = methods.map(({ name, left_out: leftOut }) => {
    if (leftOut) return [name, `left out: ${leftOut}`, '', '', '', '', '']
    const of = runs.map((run) => ({ ...run.methods.find((row) => row.name === name), start: median(run.final_p95_ms[idOf([])]), run }))
    const finals = of.map(({ settings, run }) => median(run.final_p95_ms[idOf(settings)]))
    const left = [...new Set(of.flatMap(({ left_changed: changed }) => changed))]
    const worst = of.flatMap(({ worst_p95_ms: p95 }) => (p95 === null ? [] : [p95]))
    return [
      name, withInterval(finals, random), name === 'untouched' ? '1' : withInterval(of.map(({ start }, index) => finals[index] / start), random), median(of.map(({ trials: used }) => used)),
      worst.length === 0 ? '' : withInterval(worst, random), left.length === 0 ? 'none' : left.join(', '), duration(median(of.map(({ wall_s: wall }) => wall))),
    ]
  })
  return `## The synthetic host

${runs.length} synthetic hosts (\`@semantos/workload-synthetic\`), each drawn with a seed of its own and started from the defaults of its model's kernel; ${trials} trials for each method, ${blocks} blocks. Here all
methods have the same nine knobs. Medians over the hosts with their 95% intervals by bootstrap over the hosts; trials and wall time are medians. The model's sizes are chosen, not
measured: this compares searches, not kernels. \`${command}\`, seeded: all but the wall time is the same in every run.

${table(rows)}`
}

function withInterval(values, random) {
  const [low, high] = bootstrapMedians(values, values, (a) => a, { random })
  return `${number(median(values))} [${number(low)}, ${number(high)}]`
}

/** Three significant digits, never in powers of ten. */
function number(value) {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}

function duration(seconds) {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : seconds < 120 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(1)} min`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writePage()
