// What a tap costs through the kernel, over calling the same function directly: `node tests/bench/kernel.bench.mjs [--json]`.
// Limits: at most 2 us a tap, and the cost of a tap does not grow with the number of plugins on the hook. Times are CPU
// times of this process, so that other processes on the machine hardly matter.
import { definePlugin, Evaluation, z } from '@semantos/core'
import { Kernel, ObservationsDraft, streams } from '@semantos/core/kernel'
import { openHost } from '@semantos/host'

const ROUNDS = 101
const WARM_UP = 60
const TAPS_A_ROUND = 1000

const options = z.strictObject({})
const now = new Date('2026-01-01T00:00:00Z')
const EVALUATION = { trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: 'nothing' }

/**
 * Taps that do next to nothing, so that only the way there is measured. A plugin's answer is checked against its schema: that
 * is no overhead but what the hook is for, so the direct calls check it too; `check_us` says what it costs.
 */
const KINDS = {
  gather: {
    stage: 'monitoring',
    tap: (hooks, fn) => hooks.observe.tapPromise('bench', fn),
    run: (hooks, context) => hooks.observe.run(new ObservationsDraft(), context),
    subject: {},
  },
  chain: {
    stage: 'evaluation',
    tap: (hooks, fn) => hooks.evaluate.tapPromise('bench', fn),
    run: (hooks, context) => hooks.evaluate.run(EVALUATION, context),
    subject: EVALUATION,
    check: (value) => Evaluation.parse(value),
  },
  tell: {
    stage: 'report',
    tap: (hooks, fn) => hooks.report.tapPromise('bench', fn),
    run: (hooks, context) => hooks.report.run(EVALUATION, context),
    subject: EVALUATION,
  },
}

let work = 0
const sync = (subject) => {
  work++
  return subject
}
const asynchronous = async (subject) => {
  work++
  return subject
}

async function kernelWith(kind, count, fn) {
  const plugin = definePlugin({ name: `bench-${kind}`, stage: KINDS[kind].stage, api: 1, options, setup: (kernel) => KINDS[kind].tap(kernel.hooks, fn) })
  const plugins = Array.from({ length: count }, (_, index) => plugin({}, { id: String(index) }))
  return Kernel.create({
    plugins: plugins.map((each) => ({ plugin: each, setup: each.prepare().setup })),
    host: openHost({ root: '/' }),
    paths: { base: '/', sandbox: '/', knowledge: '/', results: '/', backup: '/' },
    timeLimitsMs: { default: 30_000 },
    now: () => now,
    random: streams(42),
    log: () => undefined,
  })
}

/** The same functions without a kernel: side by side where the hook's taps run side by side, else one after the other. */
async function directly(kind, count, fn, context) {
  const { subject, check = (value) => value } = KINDS[kind]
  if (kind === 'gather') return Promise.all(Array.from({ length: count }, () => fn(subject, context)))
  let value = subject
  for (let index = 0; index < count; index++) value = check(await fn(value, context))
  return value
}

/** CPU time. */
async function nanosecondsATap(count, once) {
  const repeats = Math.ceil(TAPS_A_ROUND / count)
  const start = process.cpuUsage()
  for (let repeat = 0; repeat < repeats; repeat++) await once()
  const { user, system } = process.cpuUsage(start)
  return ((user + system) * 1000) / (repeats * count)
}

const sorted = (numbers) => [...numbers].sort((a, b) => a - b)
const quantile = (numbers, q) => sorted(numbers)[Math.round(q * (numbers.length - 1))]
const micro = (ns) => Number((ns / 1000).toFixed(3))

/** Kernel and direct calls in turns. The first rounds warm up and do not count. */
async function compare(kind, count, fn) {
  const kernel = await kernelWith(kind, count, fn)
  const context = kernel.context()
  const through = []
  const direct = []
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const a = await nanosecondsATap(count, () => KINDS[kind].run(kernel.hooks, context))
    const b = await nanosecondsATap(count, () => directly(kind, count, fn, context))
    if (round < 0) continue
    through.push(a)
    direct.push(b)
  }
  await kernel.dispose()
  return {
    hook: kind,
    taps: count,
    functions: fn === sync ? 'plain' : 'async',
    kernel_us: micro(quantile(through, 0.5)),
    direct_us: micro(quantile(direct, 0.5)),
    overhead_us: micro(quantile(through, 0.5) - quantile(direct, 0.5)),
    kernel_p10_us: micro(quantile(through, 0.1)),
    kernel_p90_us: micro(quantile(through, 0.9)),
    ratio: Number((quantile(through, 0.5) / quantile(direct, 0.5)).toFixed(1)),
  }
}

const rows = []
for (const kind of Object.keys(KINDS)) {
  for (const fn of [sync, asynchronous]) for (const count of [1, 10]) rows.push(await compare(kind, count, fn))
}
const linear = []
for (const kind of Object.keys(KINDS)) {
  const [few, many] = [await compare(kind, 10, asynchronous), await compare(kind, 1000, asynchronous)]
  linear.push({ hook: kind, us_a_tap_at_10: few.kernel_us, us_a_tap_at_1000: many.kernel_us, growth: Number((many.kernel_us / few.kernel_us).toFixed(2)) })
}

const check_us = micro(await nanosecondsATap(1, async () => Evaluation.parse(EVALUATION)))

if (process.argv.includes('--json')) console.log(JSON.stringify({ node: process.version, taps: rows, linear, check_us }))
else {
  console.table(rows)
  console.table(linear)
  console.log(`checking an evaluation: ${check_us} us; ${work} taps ran`)
}
