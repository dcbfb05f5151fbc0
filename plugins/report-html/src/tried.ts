import { formatValue, type TuneReport } from '@semantos/core'
import { median } from '@semantos/stats'
import { type Arm, BASELINE, type Compared, goalUnit } from './arms.js'
import type { Charts } from './charts.js'
import { type Section, type Text, code, paragraph } from './document.js'
import { figure, intervalText, pText, ratioText } from './figures.js'
import { table } from './found.js'
import { BLOCKS_FOR_95, clearsFloor, floorOf, heldText } from './headline.js'
import { settingsText } from './settings-text.js'

/** Each setting in the order of its first trial, why, and what came of it. */
export function triedSection(report: TuneReport, arms: readonly Arm[], compared: readonly Compared[], charts: Charts): Section {
  const tried = arms.filter(({ id }) => id !== BASELINE)
  if (report.trials.length === 0) return { title: 'What was tried, in order', blocks: [paragraph('No trial ended.')] }
  if (tried.length === 0) return { title: 'What was tried, in order', blocks: [paragraph('Only the baseline was measured.'), charts.sequence(report, arms)] }
  const rows = tried.map((arm): Text[] => [arm.letter, [code(arm.id)], String(arm.trials.length), whyOf(report, ownPart(arm.id, compared)), outcomeOf(report, arm, arms)])
  return {
    title: 'What was tried, in order',
    blocks: [
      charts.sequence(report, arms),
      table(['', 'setting', 'trials', 'why', 'what came of it'], [2], rows),
      paragraph('A single trial proves nothing: screening only ranks, and what is kept is measured afresh in interleaved blocks.'),
    ],
  }
}

/** What an arm tries on top of what had been kept before it. */
function ownPart(arm: string, compared: readonly Compared[]): string {
  const kept = compared.findLast(({ comparison, arm: earlier }) => comparison.kept && arm.startsWith(`${earlier} `))
  return kept ? arm.slice(kept.arm.length + 1) : arm
}

/** The reasons of the recommendations for the knobs of an arm, with the telemetry that led to them. */
function whyOf({ plan }: TuneReport, arm: string): string {
  const reasons = plan.recommendations.filter(({ knob }) => ` ${arm}`.includes(` ${knob}=`)).map(({ rationale, cues, proposed_by: by }) => {
    const because = cues.map(({ metric, value, because: reason }) => `${metric} ${figure(value)}: ${reason}`).join('; ')
    return `${rationale.replace(/\.$/, '')}${because === '' ? '' : ` (${because})`}, says ${by}`
  })
  return reasons.length === 0 ? 'not recorded' : reasons.join('; ')
}

function outcomeOf({ skipped, goal }: TuneReport, { id, compared, values }: Arm, arms: readonly Arm[]): Text {
  if (compared) {
    const { verdict, words, kept } = compared.comparison
    return [{ strong: verdict }, `: ${words}; ${kept ? 'kept' : 'not kept'}`]
  }
  const screened = `${goal} ${ratioText(median(values) / (arms[0]?.median ?? Number.NaN))} of the baseline's median`
  const reason = skipped.find(({ candidate }) => candidate === id)?.reason
  return `${screened}; not compared as such${reason === undefined ? '' : `: ${reason}`}`
}

/** Every trial of the goal, setting by setting. */
export function distributionSection(report: TuneReport, arms: readonly Arm[], charts: Charts): Section | null {
  const shown = arms.filter(({ trials }) => trials.length > 0)
  if (shown.length === 0) return null
  const rows = shown.map(({ letter, id, values, median: middle }): Text[] => [letter, [code(id)], String(values.length), figure(Math.min(...values)), figure(middle), figure(Math.max(...values))])
  const unit = goalUnit(report.goal)
  return { title: 'Distributions', blocks: [charts.strips(report, arms), table(['', 'setting', 'trials', `lowest, ${unit}`, `median, ${unit}`, `highest, ${unit}`], [2, 3, 4, 5], rows)] }
}

/** The comparisons that decided, with everything needed to doubt them. */
export function comparisonSection(report: TuneReport, compared: readonly Compared[], arms: readonly Arm[], charts: Charts): Section {
  const title = 'Comparisons'
  if (compared.length === 0) return { title, blocks: [paragraph('Nothing was compared.')] }
  const { goal } = report
  const floor = report.noise?.floor_ratio ?? 1
  const letters = new Map(arms.map(({ id, letter }) => [id, letter]))
  const rows = compared.map(({ comparison, arm, against }): Text[] => {
    const { ratio, interval, bootstrap } = comparison.effects[goal]
    const few = comparison.blocks < BLOCKS_FOR_95 ? ' *' : ''
    return [
      letters.get(arm) ?? '', [code(settingsText(comparison.settings))], against === BASELINE ? BASELINE : (letters.get(against) ?? against), String(comparison.blocks),
      ratioText(ratio), `${intervalText(interval)}${few}`, `${intervalText(bootstrap)}${few}`, clearsFloor(goal, interval, floor) ? 'yes' : 'no', pText(comparison.p_value),
      [{ strong: comparison.verdict }, `: ${comparison.words}; ${comparison.kept ? 'kept' : 'not kept'}`],
    ]
  })
  const others = compared.flatMap(({ comparison, arm }) =>
    Object.entries(comparison.effects).filter(([name]) => name !== goal).map(([name, { ratio, interval }]): Text[] => [letters.get(arm) ?? comparison.candidate, name, ratioText(ratio), intervalText(interval)]),
  )
  return {
    title,
    blocks: [
      charts.intervals(report, compared, arms),
      table(['', 'setting', 'against', 'blocks', `ratio of ${goal}`, 'interval', 'bootstrap', 'clears the floor', 'p', 'verdict'], [3], rows),
      paragraph(`Intervals hold ${heldText(compared.map(({ comparison }) => comparison.blocks))}. The bootstrap holds as much, but 94% with 4 blocks. * The whole range of the ratios, in both columns: of so few blocks nothing holds more.`),
      paragraph(`Better means: the interval lies wholly beyond the noise floor (a factor of ${floorOf(report)}), the p value is below its share of the false-alarm budget at the look at which it was decided, and no guard metric got worse. "No difference" means that the interval lies within the floor, to either side; "inconclusive" means that nothing of this is shown, also where the comparison was given up because an improvement had become unlikely.`),
      { kind: 'folded', summary: 'The other goals, which decided nothing', blocks: [table(['', 'goal', 'ratio', 'interval'], [], others)] },
    ],
  }
}

/** What was never compared, and why. */
export function skippedSection(report: TuneReport): Section | null {
  if (report.skipped.length === 0) return null
  const before = new Map(report.baseline.map(({ knob, value }) => [knob, formatValue(value)]))
  const rows = report.skipped.map(({ candidate, settings, reason }): Text[] => [
    [code(candidate)], [code(settings.map(({ knob }) => `${knob} = ${before.get(knob) ?? 'unknown'}`).join(', '))], reason, whyOf(report, candidate),
  ])
  return { title: 'What was skipped', blocks: [table(['setting', 'found as', 'why it was not compared', 'why it was proposed'], [], rows)] }
}
