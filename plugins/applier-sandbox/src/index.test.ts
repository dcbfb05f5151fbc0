import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Applied, definePlugin, type KnobInput, type KnobValue, z } from '@semantos/core'
import { ReadingsDraft } from '@semantos/core/kernel'
import { mount, type Mounted } from '@semantos/plugin-kit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import applierSandbox from './index.js'

const HEADER = `# SemantOS sandbox: what one run has set, in the format of sysctl.conf(5). No kernel was changed.
# What sysctl cannot set (sysfs, debugfs) stands in comments.
`
/** As `expect.stringContaining`, of a type that can be assigned. */
const containing = (text: string): unknown => expect.stringContaining(text)

const TIME = '2026-01-01T00:00:00.000Z'

function knob(name: string, changes: Partial<KnobInput> & { min?: number; max?: number } = {}): KnobInput {
  const { min = 0, max = 1_000_000, ...rest } = changes
  return {
    name,
    where: { interface: 'sysctl', path: name.replaceAll('.', '/'), per: 'host', netns: 'none' },
    type: { kind: 'integer', unit: 'count', range: { min, max }, safe: { min, max }, search: null, special: [{ value: 0, meaning: 'the other of the pair counts' }] },
    default: 100,
    versions: { since: null, until: null, successor: null },
    takes_effect: 'at once',
    risk: 'low',
    subsystem: 'memory',
    meaning: 'A knob for the tests of the sandbox.',
    documentation: 'https://example.com/knob',
    persist: 'sysctl.d',
    ...rest,
  }
}

const range = { min: 0, max: 10_000_000 }
const KNOBS: KnobInput[] = [
  knob('vm.swappiness', { default: 60 }),
  knob('net.core.somaxconn', { default: 4096 }),
  knob('vm.dirty_ratio', { default: 20, resets: ['vm.dirty_bytes'] }),
  knob('vm.dirty_bytes', { default: 0, resets: ['vm.dirty_ratio'] }),
  knob('kernel.pid_max', { default: null }),
  knob('kernel.rate_limit_mbps', { where: { interface: 'sysctl', path: 'kernel/rate_limit_MBps', per: 'host', netns: 'none' } }),
  knob('net.ipv4.tcp_rmem', {
    type: { kind: 'vector', unit: 'bytes', fields: ['min', 'default', 'max'].map((name) => ({ name, range, safe: range })), ascending: true },
    default: [4096, 131072, 6291456],
  }),
  knob('net.ipv4.tcp_congestion_control', {
    type: { kind: 'enum', values: [{ value: 'cubic', meaning: 'the default' }, { value: 'bbr', meaning: 'model based' }], brackets: false, open: true },
    default: 'cubic',
  }),
  knob('thp.enabled', {
    where: { interface: 'sysfs', path: 'kernel/mm/transparent_hugepage/enabled', per: 'host', netns: 'none' },
    type: { kind: 'enum', values: [{ value: 'always', meaning: 'everywhere' }, { value: 'madvise', meaning: 'where asked for' }], brackets: true, open: false },
    default: 'always',
  }),
  knob('sched.base_slice_ns', { where: { interface: 'debugfs', path: 'sched/base_slice_ns', per: 'host', netns: 'none' } }),
  knob('zswap.enabled', { where: { interface: 'sysfs', path: 'module/zswap/parameters/enabled', per: 'host', netns: 'none' }, type: { kind: 'boolean', off: 'N', on: 'Y' }, default: 0 }),
  knob('block.read_ahead_kb', { where: { interface: 'sysfs', path: 'block/*/queue/read_ahead_kb', per: 'block-device', netns: 'none' } }),
]

const knobs = definePlugin({
  name: 'knobs',
  stage: 'knowledge',
  api: 1,
  options: z.strictObject({}),
  setup: (kernel) => kernel.hooks.configure.tapPromise('knobs', (catalogue) => KNOBS.forEach((input) => catalogue.knob(input))),
})

async function started(options: Parameters<typeof applierSandbox>[0] = {}, paths = {}): Promise<Mounted> {
  const kit = await mount([knobs(), applierSandbox(options)], { paths })
  await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
  return kit
}

async function readings(kit: Mounted) {
  return (await kit.kernel.hooks.read.run(new ReadingsDraft([...kit.catalogue]), kit.cycle)).readings
}

async function values(kit: Mounted): Promise<Record<string, KnobValue>> {
  return Object.fromEntries([...(await readings(kit))].flatMap(([ref, reading]) => (reading.status === 'present' ? [[ref, reading.value]] : [])))
}

async function apply(kit: Mounted, wanted: Record<string, KnobValue>, step = 1): Promise<readonly Applied[]> {
  const from = await values(kit)
  const changes = Object.entries(wanted).map(([ref, to]) => ({ knob: ref, from: from[ref] ?? 0, to }))
  return (await kit.kernel.hooks.apply.run({ step, changes }, kit.cycle)) ?? []
}

async function undo(kit: Mounted, applied: readonly Applied[], step = 1) {
  return (await kit.kernel.hooks.undo.run({ step, applied: applied.toReversed() }, kit.cycle)) ?? []
}

function text(kit: Mounted): string {
  return readFileSync(kit.paths.sandbox, 'utf8')
}

describe('reading', () => {
  it("shows the catalogue's defaults before anything is applied, and writes nothing", async () => {
    await using kit = await started()
    expect(await values(kit)).toMatchObject({ 'vm.swappiness': 60, 'net.ipv4.tcp_rmem': [4096, 131072, 6291456], 'zswap.enabled': 0, 'thp.enabled': 'always' })
    expect((await readings(kit)).get('zswap.enabled')).toEqual({ status: 'present', knob: 'zswap.enabled', text: 'N', value: 0, writable: true, live: false })
    expect(readdirSync(kit.paths.base)).toEqual([])
  })

  it('claims every knob, and says why it lacks some', async () => {
    await using kit = await started()
    const all = await readings(kit)
    expect([...all.keys()].sort()).toEqual(KNOBS.map(({ name }) => name).sort())
    expect(all.get('kernel.pid_max')).toMatchObject({ status: 'unavailable', reason: 'the kernel computes its default from the machine, and the sandbox has no machine' })
    expect(all.get('block.read_ahead_kb')).toMatchObject({ status: 'unavailable', reason: 'one for each block-device, and the sandbox has none' })
  })

  it('reads what stands in the file, not what it remembers', async () => {
    await using kit = await started()
    await apply(kit, { 'vm.swappiness': 10 })
    writeFileSync(kit.paths.sandbox, text(kit).replace('vm.swappiness = 10', '  vm.swappiness=33 '))
    expect(await values(kit)).toMatchObject({ 'vm.swappiness': 33 })
    rmSync(kit.paths.sandbox)
    expect(await values(kit)).toMatchObject({ 'vm.swappiness': 60 })
  })

  it('takes no notice of what an earlier run left', async () => {
    await using kit = await started()
    await apply(kit, { 'vm.swappiness': 10 })
    const next = { ...kit, cycle: kit.anotherRun() }
    await kit.kernel.hooks.start.run({ planning: false }, next.cycle)
    expect(await values(next)).toMatchObject({ 'vm.swappiness': 60 })
    await apply(next, { 'net.core.somaxconn': 16384 })
    expect(text(next)).toBe(`${HEADER}\n# --- APPLY @ ${TIME} ---\nnet.core.somaxconn = 16384\n`)
  })
})

describe('applying', () => {
  it('adds a section for each batch and reads back what it holds', async () => {
    await using kit = await started()
    expect(await apply(kit, { 'vm.swappiness': 10, 'net.ipv4.tcp_rmem': [4096, 262144, 8388608], 'thp.enabled': 'madvise' })).toEqual([
      { knob: 'vm.swappiness', before: 60, wanted: 10, stored: 10 },
      { knob: 'net.ipv4.tcp_rmem', before: [4096, 131072, 6291456], wanted: [4096, 262144, 8388608], stored: [4096, 262144, 8388608] },
      { knob: 'thp.enabled', before: 'always', wanted: 'madvise', stored: 'madvise' },
    ])
    await apply(kit, { 'zswap.enabled': 1, 'sched.base_slice_ns': 3_000, 'kernel.rate_limit_mbps': 7 }, 2)
    expect(text(kit)).toBe(
      `${HEADER}\n# --- APPLY @ ${TIME} ---\nvm.swappiness = 10\nnet.ipv4.tcp_rmem = 4096 262144 8388608\n# sysfs kernel/mm/transparent_hugepage/enabled = madvise\n` +
        `\n# --- APPLY @ ${TIME} ---\n# sysfs module/zswap/parameters/enabled = Y\n# debugfs sched/base_slice_ns = 3000\nkernel.rate_limit_MBps = 7\n`,
    )
    expect(await values(kit)).toMatchObject({ 'vm.swappiness': 10, 'zswap.enabled': 1, 'sched.base_slice_ns': 3000, 'kernel.rate_limit_mbps': 7, 'thp.enabled': 'madvise' })
  })

  it('lets one of a pair reset the other, as the kernel does', async () => {
    await using kit = await started()
    await apply(kit, { 'vm.dirty_bytes': 65536 })
    expect(await values(kit)).toMatchObject({ 'vm.dirty_bytes': 65536, 'vm.dirty_ratio': 0 })
    await apply(kit, { 'vm.dirty_ratio': 30 }, 2)
    expect(await values(kit)).toMatchObject({ 'vm.dirty_bytes': 0, 'vm.dirty_ratio': 30 })
  })

  it.each([
    { ref: 'vm.swappiness', value: '10\nkernel.core_pattern = |/bin/sh', code: 'SEMANTOS_E_KNOB_VALUE' },
    { ref: 'vm.swappiness', value: -0, code: 'SEMANTOS_E_KNOB_VALUE' },
    { ref: 'vm.swappiness', value: Number.NaN, code: 'SEMANTOS_E_KNOB_VALUE' },
    { ref: 'vm.swappiness', value: 1e300, code: 'SEMANTOS_E_KNOB_VALUE' },
    { ref: 'vm.swappiness', value: 1_000_001, code: 'SEMANTOS_E_KNOB_VALUE' },
    { ref: 'net.ipv4.tcp_congestion_control', value: 'bbr\r', code: 'SEMANTOS_E_KNOB_VALUE' },
    { ref: 'thp.enabled', value: 'sometimes', code: 'SEMANTOS_E_KNOB_VALUE' },
    { ref: 'vm/../../etc/passwd', value: 1, code: 'SEMANTOS_E_KNOB_UNKNOWN' },
    { ref: 'kernel.pid_max', value: 1, code: 'SEMANTOS_E_KNOB_UNKNOWN' },
    { ref: 'block.read_ahead_kb[vda]', value: 1, code: 'SEMANTOS_E_KNOB_UNKNOWN' },
  ])('refuses $ref = $value, and writes nothing of its batch', async ({ ref, value, code }) => {
    await using kit = await started()
    await expect(apply(kit, { 'net.core.somaxconn': 8192, [ref]: value })).rejects.toMatchObject({ code })
    expect(existsSync(kit.paths.sandbox)).toBe(false)
  })

  it('writes to the file it is told, relative to the config', async () => {
    await using kit = await started({ file: 'deep/er/sandbox.conf' })
    await apply(kit, { 'vm.swappiness': 10 })
    expect(readFileSync(join(kit.paths.base, 'deep/er/sandbox.conf'), 'utf8')).toContain('vm.swappiness = 10\n')
  })
})

describe('taking back', () => {
  it('adds the values before', async () => {
    await using kit = await started()
    const applied = await apply(kit, { 'vm.swappiness': 10, 'thp.enabled': 'madvise' })
    expect(await undo(kit, applied)).toEqual([
      { knob: 'thp.enabled', outcome: 'restored', now: 'always', detail: 'back at always' },
      { knob: 'vm.swappiness', outcome: 'restored', now: 60, detail: 'back at 60' },
    ])
    expect(text(kit)).toMatch(/\n# --- ROLLBACK @ 2026-01-01T00:00:00\.000Z ---\n# sysfs kernel\/mm\/transparent_hugepage\/enabled = always\nvm\.swappiness = 60\n$/)
    const before = text(kit)
    expect((await undo(kit, applied)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged'])
    expect(text(kit)).toBe(before)
  })

  it('brings back what a write had reset, by writing that', async () => {
    await using kit = await started()
    const applied = await apply(kit, { 'vm.dirty_bytes': 65536 })
    expect(await undo(kit, applied)).toMatchObject([{ outcome: 'restored', now: 0 }])
    expect(await values(kit)).toMatchObject({ 'vm.dirty_bytes': 0, 'vm.dirty_ratio': 20 })
    expect(text(kit)).not.toContain('vm.dirty_bytes = 0')
  })

  it.each([
    { first: 'vm.dirty_bytes', second: 'vm.dirty_ratio' },
    { first: 'vm.dirty_ratio', second: 'vm.dirty_bytes' },
  ])('brings back a pair that one batch has set twice over: $first, $second', async ({ first, second }) => {
    await using kit = await started()
    await undo(kit, await apply(kit, { [first]: 7, [second]: 8 }))
    expect(await values(kit)).toMatchObject({ 'vm.dirty_bytes': 0, 'vm.dirty_ratio': 20 })
  })

  it('leaves alone what somebody has changed since', async () => {
    await using kit = await started()
    const applied = await apply(kit, { 'vm.swappiness': 10, 'net.core.somaxconn': 8192 })
    writeFileSync(kit.paths.sandbox, text(kit).replace('vm.swappiness = 10', 'vm.swappiness = 33'))
    expect(await undo(kit, applied)).toEqual([
      { knob: 'net.core.somaxconn', outcome: 'restored', now: 4096, detail: 'back at 4096' },
      { knob: 'vm.swappiness', outcome: 'modified externally', now: 33, detail: 'the file says 33, and this run had set 10' },
    ])
    expect(await values(kit)).toMatchObject({ 'vm.swappiness': 33, 'net.core.somaxconn': 4096 })
  })

  it('of everything, newest first, ends where it began, whatever was applied', async () => {
    const names = ['vm.swappiness', 'net.core.somaxconn', 'vm.dirty_ratio', 'vm.dirty_bytes']
    const batches = fc.shuffledSubarray(names, { minLength: 1 }).chain((order) => fc.tuple(fc.constant(order), fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 4, maxLength: 4 }), fc.integer({ min: 1, max: 4 })))
    await fc.assert(
      fc.asyncProperty(batches, async ([order, numbers, size]) => {
        await using kit = await started()
        const initial = await values(kit)
        const taken: (readonly Applied[])[] = []
        for (let at = 0; at < order.length; at += size) {
          taken.push(await apply(kit, Object.fromEntries(order.slice(at, at + size).map((name, index) => [name, numbers[at + index] ?? 1]))))
        }
        for (const applied of taken.toReversed()) await undo(kit, applied)
        expect(await values(kit)).toEqual(initial)
        rmSync(kit.paths.base, { recursive: true })
      }),
      { numRuns: 60 },
    )
  })
})

describe('the file', () => {
  const dryRun = spawnSync('sysctl', ['--dry-run', '--version'])

  it.skipIf(dryRun.status !== 0)('is one that sysctl -p takes (needs procps with --dry-run)', async () => {
    await using kit = await started()
    const applied = await apply(kit, { 'vm.swappiness': 10, 'net.ipv4.tcp_rmem': [4096, 262144, 8388608], 'thp.enabled': 'madvise', 'net.core.somaxconn': 8192 })
    await undo(kit, applied)
    // --ignore: this kernel need not have every knob. --dry-run prints what would be set, and sets nothing.
    const { status, stderr, stdout } = spawnSync('sysctl', ['--dry-run', '--ignore', '-p', kit.paths.sandbox], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('vm.swappiness = 10\n')
  })

  it('has only comments, empty lines and settings', async () => {
    await using kit = await started()
    await undo(kit, await apply(kit, { 'vm.swappiness': 10, 'net.ipv4.tcp_rmem': [4096, 262144, 8388608], 'thp.enabled': 'madvise' }))
    for (const line of text(kit).split('\n')) expect(line).toMatch(/^(?:|#.*|[a-zA-Z0-9_.-]+ = [\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)$/)
  })

  it('that cannot be written is found before anything is applied', async () => {
    const base = mkdtempSync(join(tmpdir(), 'semantos-sandbox-'))
    mkdirSync(join(base, 'sandbox', 'sysctl.conf'), { recursive: true })
    await expect(started({}, { base })).rejects.toMatchObject({ code: 'SEMANTOS_E_WRITE_FAILED', place: join(base, 'sandbox', 'sysctl.conf'), message: containing('there is a folder of that name') })
  })

  it('is neither made nor checked when only a plan is asked for', async () => {
    const base = mkdtempSync(join(tmpdir(), 'semantos-sandbox-'))
    writeFileSync(join(base, 'sandbox'), 'a file, not a folder')
    await using kit = await mount([knobs(), applierSandbox()], { paths: { base } })
    await kit.kernel.hooks.start.run({ planning: true }, kit.cycle)
    expect(await values(kit)).toMatchObject({ 'vm.swappiness': 60 })
    expect(readdirSync(base)).toEqual(['sandbox'])
  })

  it.skipIf(!canMount())('keeps the batch before when the disk fills up (a small file system is mounted; needs root and CAP_SYS_ADMIN)', async () => {
    const base = mkdtempSync(join(tmpdir(), 'semantos-sandbox-'))
    using _disk = mountSmall(base)
    await using kit = await started({}, { base })
    await apply(kit, { 'vm.swappiness': 10 })
    const before = text(kit)
    execFileSync('sh', ['-c', `cat /dev/zero > ${join(base, 'fill')} 2>/dev/null || true`])
    await expect(apply(kit, { 'net.core.somaxconn': 8192 }, 2)).rejects.toMatchObject({ code: 'SEMANTOS_E_WRITE_FAILED', message: containing('the disk is full') })
    expect(text(kit)).toBe(before)
    expect(readdirSync(dirname(kit.paths.sandbox))).toEqual(['sysctl.conf'])
  })
})

function mountSmall(folder: string): Disposable {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', folder], { stdio: 'ignore' })
  return { [Symbol.dispose]: () => void execFileSync('umount', [folder]) }
}

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    mountSmall(mkdtempSync(join(tmpdir(), 'semantos-mount-')))[Symbol.dispose]()
    return true
  } catch {
    return false
  }
}
