// How often a tune is wrong, measured on the synthetic host. Writes docs/false-alarms.md; every number comes from the runs below.
//   npm run build && node experiments/false-alarms/false-alarms.mjs [tunes]
import { writeFileSync } from 'node:fs'
import { pageOf } from './page.mjs'
import { BUDGETS, plantedRatio, study } from './study.mjs'

const tunes = Number(process.argv[2] ?? 200)
const studies = []
for (const budget of BUDGETS) studies.push({ budget, nothing: await study(tunes, budget, false), planted: await study(tunes, budget, true) })
const page = pageOf({ tunes, studies, plantedRatio: await plantedRatio() })
writeFileSync(new URL('../../docs/false-alarms.md', import.meta.url), page)
process.stdout.write(page)
