import { readFileSync } from 'node:fs'
import { Catalogue, Knob, type KnobInput, KnobName, type KnobType, ownWords, refuses, z } from '@semantos/core'
import { describe, expect, test } from 'vitest'
import { dataFiles, readDataFile } from './data.js'

const files = dataFiles().map((name) => ({ name, ...readDataFile(name) }))
const entries = files.flatMap((file) => file.knobs.map((knob) => ({ file, knob: parseKnob(file.name, knob) })))
const knobs = entries.map(({ knob }) => knob)
const catalogue = Catalogue.of(knobs)

function parseKnob(file: string, knob: KnobInput): Knob {
  const parsed = Knob.safeParse(knob)
  if (parsed.success) return parsed.data
  throw new Error(`${file}, ${knob.name}:\n${z.prettifyError(parsed.error)}`)
}

/** The names of the knobs for which something does not hold. */
const where = (wrong: (knob: Knob) => boolean) => knobs.filter(wrong).map((knob) => knob.name)

const stars = (knob: Knob) => knob.where.path.split('/').filter((segment) => segment === '*').length

describe('the files', () => {
  test('hold at least 170 knobs, each in the file of its subsystem', () => {
    expect(knobs.length).toBeGreaterThanOrEqual(170)
    expect(files.map(({ name, subsystem }) => [name, subsystem])).toEqual(files.map(({ subsystem }) => [`${subsystem}.json`, subsystem]))
    expect(entries.filter(({ file, knob }) => knob.subsystem !== file.subsystem).map(({ knob }) => knob.name)).toEqual([])
  })

  test.each(files)('$name is ordered by name', ({ knobs: listed }) => {
    const names = listed.map((knob) => knob.name)
    expect(names).toEqual([...names].sort())
  })

  test('no name, and no file or switch of the kernel, stands there twice', () => {
    const twice = (values: readonly string[]) => values.filter((value, index) => values.indexOf(value) !== index)
    expect(twice(knobs.map((knob) => knob.name))).toEqual([])
    expect(twice(knobs.flatMap(({ where: { interface: kind, path, also_at }, type }) => [path, ...also_at].map((file) => [kind, file, ...ownWords(type)].join(' '))))).toEqual([])
  })

  test('are laid out with two spaces and short objects on one line', () => {
    const long = files.flatMap(({ name }) =>
      readFileSync(new URL(`../data/${name}`, import.meta.url), 'utf8')
        .split('\n')
        .filter((line) => /\t/.test(line) || (line.length > 150 && !/^ +"meaning"/.test(line))),
    )
    expect(long).toEqual([])
  })
})

test('the README counts the knobs of each file', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const counted = [...readme.matchAll(/^\| \[`([a-z0-9-]+\.json)`\]\([^)]*\/data\/\1\) \| (\d+) \|/gm)].map(([, name, count]) => [name, Number(count)])
  expect(counted).toEqual(files.map((file) => [file.name, file.knobs.length]))
  expect(readme).toContain(`${knobs.length} knobs`)
})

describe('references', () => {
  test('successors are in the catalogue, and came when the knob left', () => {
    const wrong = where((knob) => {
      const { until, successor } = knob.versions
      if (successor === null) return false
      const next = catalogue.get(successor)
      return next === undefined || until === null || next.versions.since !== until
    })
    expect(wrong).toEqual([])
  })

  test('what a write resets is in the catalogue, and resets it in turn', () => {
    expect(where((knob) => knob.resets.some((name) => !catalogue.get(name)?.resets.includes(knob.name)))).toEqual([])
  })

  test('what a write may also change is in the catalogue, and on the same device', () => {
    expect(where((knob) => knob.also_changes.some((name) => catalogue.get(name)?.where.per !== knob.where.per))).toEqual([])
  })

  test('an upper bound is in the catalogue, on the same device, of the same unit, and bounds do not go round', () => {
    const unit = (knob: Knob | undefined) => (knob?.type.kind === 'integer' ? knob.type.unit : undefined)
    const reaches = (from: string, to: string): boolean => catalogue.get(from)?.not_above.some(({ knob }) => knob === to || reaches(knob, to)) ?? false
    const wrong = where((knob) => knob.not_above.some(({ knob: name }) => {
      const upper = catalogue.get(name)
      return upper?.where.per !== knob.where.per || unit(upper) === undefined || unit(upper) !== unit(knob) || reaches(name, knob.name)
    }))
    expect(wrong).toEqual([])
  })

  test('the default of a knob is not above that of its upper bound', () => {
    const wrong = where((knob) => knob.not_above.some(({ knob: upper }) => {
      const [below, above] = [knob.default, catalogue.get(upper)?.default]
      return typeof below === 'number' && typeof above === 'number' && below > above
    }))
    expect(wrong).toEqual([])
  })

  test('a mechanism has two knobs at least', () => {
    const mechanisms = knobs.flatMap(({ mechanism }) => mechanism ?? [])
    expect(mechanisms.length).toBeGreaterThan(20)
    expect(mechanisms.filter((name) => mechanisms.filter((other) => other === name).length < 2)).toEqual([])
  })

  test('a path has a device exactly where the knob is per device', () => {
    expect(where((knob) => stars(knob) > 0 !== (knob.where.per !== 'host'))).toEqual([])
  })

  test('a sysctl is named after its file', () => {
    const sysctls = where((knob) => knob.where.interface === 'sysctl' && knob.name !== knob.where.path.replaceAll('/', '.').toLowerCase())
    expect(sysctls).toEqual([])
  })

  test('network namespaces matter to network knobs and to no others', () => {
    const network = (knob: Knob) => (knob.where.interface === 'sysctl' && knob.where.path.startsWith('net/')) || knob.where.per === 'net-device'
    expect(where((knob) => network(knob) !== (knob.where.netns !== 'none'))).toEqual([])
  })

  test('a knob is made persistent by what can write its file', () => {
    const wanted = (knob: Knob) => {
      // A line of tmpfiles.d writes a file once.
      if (ownWords(knob.type).length > 0) return 'none'
      if (knob.where.interface === 'sysctl') return 'sysctl.d'
      return knob.where.per === 'block-device' || knob.where.per === 'net-device' ? 'udev' : 'tmpfiles'
    }
    expect(where((knob) => knob.persist !== wanted(knob))).toEqual([])
  })

  test("documentation is the kernel's own or the manual pages", () => {
    expect(where((knob) => !/^https:\/\/(?:docs\.kernel\.org|man7\.org)\/.+\.html(?:#[a-z0-9-]+)?$/.test(knob.documentation))).toEqual([])
  })

  test('evidence is named as telemetry names it', () => {
    expect(where((knob) => knob.evidence.some((metric) => !/^[a-z][a-z0-9]*(?:[._][a-z0-9_]+)*$/.test(metric)))).toEqual([])
  })

  test('needs are words of the README', () => {
    const words = /^(?:debugfs|numa|swap|ipv6|thp|ksm|hugetlb|cpufreq|cpuidle|intel_pstate|cpu:epb|(?:module|config|filesystem|scheduler|governor):[A-Za-z0-9_-]+)$/
    expect(where((knob) => knob.needs.some((need) => !words.test(need)))).toEqual([])
  })
})

type Bounds = Readonly<{ min: number; max: number }>
const within = (inner: Bounds, outer: Bounds) => inner.min >= outer.min && inner.max <= outer.max

function soundType(type: KnobType): boolean {
  if (type.kind === 'vector') return type.fields.every((field) => within(field.safe, field.range))
  if (type.kind !== 'integer') return true
  const { range, safe, search, special } = type
  const outside = special.every(({ value }) => value < safe.min || value > safe.max)
  if (search === null) return outside && within(safe, range)
  const ladder = search.scale === 'linear' || (search.min > 0 && Number.isInteger(Math.log2(search.max / search.min)))
  return outside && within(safe, range) && within(search, safe) && search.min < search.max && ladder
}

describe('values', () => {
  test('search lies inside safe, safe inside range, special values outside safe', () => {
    expect(where((knob) => !soundType(knob.type))).toEqual([])
  })

  test('what is not tried by itself has no search ladder', () => {
    expect(where((knob) => !knob.automatic && knob.type.kind === 'integer' && knob.type.search !== null)).toEqual([])
  })

  test('the kernel and the guardrails accept the default', () => {
    const refusals = knobs.flatMap((knob) => (knob.default === null ? [] : [refuses(knob, knob.default, 'range'), refuses(knob, knob.default, 'safe')]))
    expect(refusals.filter((refusal) => refusal !== null)).toEqual([])
  })

  test('the default of a closed enum is one of its words, of an open one as well', () => {
    expect(where((knob) => knob.type.kind === 'enum' && knob.default !== null && !knob.type.values.some(({ value }) => value === knob.default))).toEqual([])
  })
})

describe('the eight knobs of the reproduction', () => {
  test.each([
    ['kernel.sched_latency_ns', 24_000_000, [10_000_000, 48_000_000, 1_000_000], [10_000_000, 48_000_000]],
    ['kernel.sched_min_granularity_ns', 3_000_000, [2_000_000, 12_000_000, 500_000], [1_000_000, 20_000_000]],
    ['vm.dirty_background_ratio', 10, [2, 15, 1], [1, 20]],
    ['vm.dirty_ratio', 20, [10, 40, 1], [5, 60]],
    ['net.core.somaxconn', 4096, [1024, 65_535, 256], [512, 65_535]],
    ['net.core.netdev_max_backlog', 1000, [1000, 100_000, 1000], [1000, 200_000]],
    ['kernel.numa_balancing', 0, [0, 1, 1], [0, 1]],
    ['vm.swappiness', 60, [0, 100, 1], [0, 100]],
  ])('%s', (name, byDefault, [min, max, step], [lowest, highest]) => {
    expect(catalogue.get(name)).toMatchObject({
      default: byDefault,
      type: { kind: 'integer', safe: { min: lowest, max: highest }, search: { min, max, step, scale: 'linear' } },
    })
  })

  test('the scheduler knobs lead over debugfs to the base slice', () => {
    for (const leaf of ['latency_ns', 'min_granularity_ns', 'wakeup_granularity_ns']) {
      expect(catalogue.get(`kernel.sched_${leaf}`)?.versions).toMatchObject({ until: '5.13', successor: `sched.${leaf}` })
      expect(catalogue.get(`sched.${leaf}`)?.versions).toEqual({ since: '5.13', until: '6.6', successor: 'sched.base_slice_ns' })
    }
  })
})

/** Every sysctl that a profile of tuned 2.20 sets. */
const TUNED = [
  'fs.aio-max-nr', 'fs.file-max', 'fs.inotify.max_user_instances', 'fs.inotify.max_user_watches',
  'kernel.hung_task_timeout_secs', 'kernel.nmi_watchdog', 'kernel.numa_balancing', 'kernel.panic_on_oops', 'kernel.pid_max', 'kernel.printk',
  'kernel.sched_autogroup_enabled', 'kernel.sched_rt_runtime_us', 'kernel.sem', 'kernel.shmall', 'kernel.shmmax', 'kernel.shmmni', 'kernel.timer_migration',
  'net.core.busy_poll', 'net.core.busy_read', 'net.core.rmem_default', 'net.core.rmem_max', 'net.core.somaxconn', 'net.core.wmem_default', 'net.core.wmem_max',
  'net.ipv4.conf.all.arp_announce', 'net.ipv4.ip_forward', 'net.ipv4.ip_local_port_range',
  'net.ipv4.neigh.default.gc_thresh1', 'net.ipv4.neigh.default.gc_thresh2', 'net.ipv4.neigh.default.gc_thresh3',
  'net.ipv4.tcp_fastopen', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_timestamps', 'net.ipv4.tcp_window_scaling', 'net.ipv4.tcp_wmem',
  'net.ipv6.neigh.default.gc_thresh1', 'net.ipv6.neigh.default.gc_thresh2', 'net.ipv6.neigh.default.gc_thresh3', 'net.netfilter.nf_conntrack_max',
  'vm.dirty_background_bytes', 'vm.dirty_background_ratio', 'vm.dirty_bytes', 'vm.dirty_expire_centisecs', 'vm.dirty_ratio', 'vm.dirty_writeback_centisecs',
  'vm.laptop_mode', 'vm.max_map_count', 'vm.min_free_kbytes', 'vm.stat_interval', 'vm.swappiness', 'vm.zone_reclaim_mode',
]

describe('what is left out', () => {
  const leftOut = z.array(z.strictObject({ knob: z.string().min(3), why: z.string().min(10) })).parse(JSON.parse(readFileSync(new URL('../data/left-out.json', import.meta.url), 'utf8')))
  const names = leftOut.flatMap(({ knob }) => knob.split(', '))

  test('is not in the catalogue', () => {
    const patterns = names.map((name) => new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`))
    expect(where((knob) => patterns.some((pattern) => pattern.test(knob.name)))).toEqual([])
  })

  test('every sysctl of tuned is in the catalogue, or left out with a reason', () => {
    expect(TUNED.filter((name) => catalogue.get(name) === undefined && !names.includes(name))).toEqual([])
  })

  test.each([
    'kernel.core_pattern', 'kernel.hotplug', 'kernel.kptr_restrict', 'kernel.modprobe', 'kernel.panic_on_oops', 'kernel.randomize_va_space', 'kernel.sysrq', 'net.ipv4.ip_forward',
  ])('%s, which can run code or weaken the host, stands there with a reason', (name) => {
    expect(catalogue.get(KnobName.parse(name))).toBeUndefined()
    expect(names).toContain(name)
  })
})
