// Prints the table of effects of this package's page: `node scripts/effects.mjs`. One trial of 200,000 requests a line,
// all on the same traffic, so that what differs is the knob's.
import { mount } from '@semantos/plugin-kit'
import synthetic, { INTERACTIONS, KNOB_DEFAULTS } from '@semantos/workload-synthetic'

const LEVELS = {
  'kernel.sched_latency_ns': [10e6, 12e6, 18e6, 48e6],
  'kernel.sched_min_granularity_ns': [1e6, 1.5e6, 2e6, 4e6, 12e6, 20e6],
  'kernel.sched_wakeup_granularity_ns': [1e6, 2e6, 8e6, 15e6],
  'vm.dirty_background_ratio': [1, 2, 5, 8, 15],
  'vm.dirty_ratio': [5, 10, 15, 25, 30, 40, 60],
  'net.core.somaxconn': [512, 1024, 16384, 32768],
  'net.core.netdev_max_backlog': [100, 500, 2048, 4096],
  'kernel.numa_balancing': [1],
  'vm.swappiness': [0, 10, 30, 100],
}
const JOINT = {
  'the kit, load above 8': {
    'kernel.sched_latency_ns': 18e6, 'kernel.sched_min_granularity_ns': 3e6, 'vm.dirty_background_ratio': 8, 'vm.dirty_ratio': 25,
    'net.core.somaxconn': 32768, 'net.core.netdev_max_backlog': 4096, 'kernel.numa_balancing': 1, 'vm.swappiness': 10,
  },
  'both granularities 1.5 ms': { 'kernel.sched_min_granularity_ns': 1.5e6, 'kernel.sched_wakeup_granularity_ns': 1.5e6 },
  'both granularities 1 ms': { 'kernel.sched_min_granularity_ns': 1e6, 'kernel.sched_wakeup_granularity_ns': 1e6 },
  'both granularities 0.5 ms': { 'kernel.sched_min_granularity_ns': 5e5, 'kernel.sched_wakeup_granularity_ns': 5e5 },
}

const kit = await mount(synthetic({ requests: 200_000, traffic_variation_pct: 0 }))

async function trial(knobs) {
  return kit.kernel.hooks.measure.run({ index: 0, arm: 'baseline', knobs: new Map(Object.entries(knobs)), renew: [] }, kit.cycle)
}

const base = await trial({})
const percent = (value) => `${value > 0 ? '+' : ''}${value.toFixed(1)} %`
const change = ({ latency }) => 100 * (latency.p95_ms / base.latency.p95_ms - 1)
const ms = (value) => value.toFixed(1)
const number = (value) => value.toLocaleString('en-US')
const line = (name, value, { latency, errors, requests }, effect) =>
  console.log(`| ${name} | ${value} | ${ms(latency.p50_ms)} | ${ms(latency.p95_ms)} | ${ms(latency.p99_ms)} | ${((100 * errors) / requests).toFixed(2)} | ${effect} |`)

console.log('| knob | value (default) | p50 ms | p95 ms | p99 ms | errors % | p95 against the defaults |')
console.log('|---|---|---|---|---|---|---|')
line('all', 'defaults', base, '')
for (const [knob, values] of Object.entries(LEVELS)) {
  for (const value of values) {
    const result = await trial({ [knob]: value })
    line(`\`${knob}\``, `${number(value)} (${number(KNOB_DEFAULTS[knob])})`, result, percent(change(result)))
  }
}
for (const [name, knobs] of Object.entries(JOINT)) {
  const result = await trial(knobs)
  line(name, '', result, percent(change(result)))
}

console.log('\n| knobs | values | first alone | second alone | both | interaction, points | kind |')
console.log('|---|---|---|---|---|---|---|')
for (const { knobs: [first, second], at: [a, b], kind } of INTERACTIONS) {
  const alone = [change(await trial({ [first]: a })), change(await trial({ [second]: b }))]
  const both = change(await trial({ [first]: a, [second]: b }))
  const interaction = both - alone[0] - alone[1]
  console.log(`| \`${first}\`, \`${second}\` | ${number(a)} and ${number(b)} | ${alone.map(percent).join(' | ')} | ${percent(both)} | ${interaction.toFixed(1)} | \`${kind}\` |`)
}

await kit.kernel.dispose()
