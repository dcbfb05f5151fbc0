// All methods on many synthetic hosts, each with a seed of its own. Writes results/synthetic.json and docs/comparison.md.
//   npm run build && node experiments/compare/synthetic.mjs [seeds] [trials] [blocks]
import { writeFileSync } from 'node:fs'
import { measure } from './measure.mjs'
import { writePage } from './page.mjs'
import { methodsFor } from './methods/index.mjs'
import { openSyntheticPlace } from './synthetic-place.mjs'

const [seeds, trials, blocks] = [process.argv[2] ?? 40, process.argv[3] ?? 20, process.argv[4] ?? 6].map(Number)

const runs = []
for (let seed = 1; seed <= seeds; seed++) {
  const place = await openSyntheticPlace({ seed, say: () => undefined })
  try {
    runs.push(await measure(place, await methodsFor({ profiles: ['latency-performance'] }), { trials, blocks, seed }))
  } finally {
    await place.close()
  }
  process.stderr.write(`seed ${seed} of ${seeds}\n`)
}
const command = `node experiments/compare/synthetic.mjs ${seeds} ${trials} ${blocks}`
writeFileSync(new URL('results/synthetic.json', import.meta.url), `{"command":${JSON.stringify(command)},"runs":[\n${runs.map((run) => JSON.stringify(run)).join(',\n')}\n]}\n`)
writePage()
