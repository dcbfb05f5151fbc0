// All benchmarks one after the other: `npm run bench`. They print medians and spreads, and assert nothing.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('.', import.meta.url)
for (const file of readdirSync(folder).filter((name) => name.endsWith('.bench.mjs')).sort()) {
  console.log(`\n${file}`)
  spawnSync(process.execPath, [fileURLToPath(new URL(file, folder))], { stdio: 'inherit' })
}
console.log('\nplugins/telemetry-procfs/bench/sample.mjs')
spawnSync(process.execPath, [fileURLToPath(new URL('../../plugins/telemetry-procfs/bench/sample.mjs', folder))], { stdio: 'inherit' })
