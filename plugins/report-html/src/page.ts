import type { TuneReport } from '@semantos/core'
import { armsOf, comparedOf } from './arms.js'
import type { Charts } from './charts.js'
import { type Page, type Section } from './document.js'
import { foundSection, metricsSection } from './found.js'
import { headlineOf } from './headline.js'
import { aboutSection, costSection, evidenceSection, healSection, keptSection, noiseSection, repeatSection } from './rest.js'
import { comparisonSection, distributionSection, skippedSection, triedSection } from './tried.js'

/** The whole report, from what came of it to how to repeat it. `writer` names the software that writes it. */
export function pageOf(report: TuneReport, charts: Charts, writer: string): Page {
  const arms = armsOf(report)
  const compared = comparedOf(report)
  const sections = [
    aboutSection(report),
    foundSection(report),
    triedSection(report, arms, compared, charts),
    comparisonSection(report, compared, arms, charts),
    distributionSection(report, arms, charts),
    evidenceSection(report, arms),
    noiseSection(report),
    skippedSection(report),
    keptSection(report),
    healSection(report),
    costSection(report),
    repeatSection(report, writer),
    DOUBTS,
    metricsSection(report),
  ]
  return { title: `Tune ${report.run}: ${report.outcome}`, headline: headlineOf(report), sections: sections.filter((section) => section !== null) }
}

const DOUBTS: Section = {
  title: 'What this does not show',
  blocks: [
    {
      kind: 'list',
      items: [
        'It holds for this workload on this machine at this time. Another load may answer in another way.',
        'A comparison that ends early tends to show an effect somewhat larger than it is; the interval is not widened for that.',
        'Intervals and p values of single comparisons are not adjusted for how many there were; the level that decides is.',
        'A setting that was only screened, or skipped, is neither good nor bad: it was not compared.',
      ],
    },
  ],
}
