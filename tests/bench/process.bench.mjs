// The whole process against a bare Node: `node tests/bench/process.bench.mjs`. Limit: at most 150 ms above it, 90 MB.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { line, summary } from './stats.mjs'

const ROUNDS = 15
const top = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'semantos-bench-'))
const RUN = ['packages/cli/dist/semantos.js', '--seed', '7', '--trials', '20', '--quiet', '--sandbox', join(scratch, 'sysctl.conf'), '--kb', join(scratch, 'kb')]
const BARE = ['-e', '0']

/** Wall and CPU milliseconds and peak memory of one process; the last is the shell's `ulimit`-free accounting of GNU time. */
function once(words) {
  const from = performance.now()
  const { stderr, status } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', process.execPath, ...words], { cwd: top, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const [user, system, kib] = stderr.trim().split('\n').at(-1).split(' ').map(Number)
  return { wall: performance.now() - from, cpu: (user + system) * 1000, mb: (kib * 1024) / 1e6 }
}

once(RUN)
const pairs = Array.from({ length: ROUNDS }, () => ({ run: once(RUN), bare: once(BARE) }))
console.log(line('run --trials 20, above bare node: wall', summary(pairs.map(({ run, bare }) => run.wall - bare.wall)), 'ms', 0))
console.log(line('run --trials 20, above bare node: CPU', summary(pairs.map(({ run, bare }) => run.cpu - bare.cpu)), 'ms', 0))
console.log(line('run --trials 20, wall as a ratio of bare node', summary(pairs.map(({ run, bare }) => run.wall / bare.wall)), 'x'))
console.log(line('run --trials 20, peak memory', summary(pairs.map(({ run }) => run.mb)), 'MB', 0))
rmSync(scratch, { recursive: true })
