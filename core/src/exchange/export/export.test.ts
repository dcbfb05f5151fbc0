import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { fakeRoot, knobOf, textIn } from '../../../../tests/faults/fake-root.js'
import { Catalogue } from '../../model/catalogue.js'
import { Knob, type KnobRef } from '../../model/knob.js'
import type { KnobValue } from '../../model/value.js'
import { type Setting, importSysctlD, importTuned } from '../import/index.js'
import { EXPORTERS, type Exported, readExport } from './index.js'
import { tmpfilesLine, udevRule } from './persist.js'

const anyWord = { kind: 'enum', values: [{ value: 'a', meaning: 'nothing' }], brackets: false, open: true } as const
const catalogue = Catalogue.of([
  ...Knob.array().parse(JSON.parse(readFileSync(new URL('../fixtures/knobs.json', import.meta.url), 'utf8'))),
  knobOf('net.test.word', { type: anyWord, where: { netns: 'namespaced' } }),
  knobOf('host.word', { type: anyWord }),
  knobOf('disk.word', { type: anyWord, where: { interface: 'sysfs', path: 'block/*/queue/word', per: 'block-device' }, persist: 'udev' }),
  knobOf('mm.word', { type: anyWord, where: { interface: 'sysfs', path: 'kernel/mm/word' }, persist: 'tmpfiles' }),
  knobOf('net.ipv4.conf.forwarding', { where: { path: 'net/ipv4/conf/*/forwarding', per: 'net-device', netns: 'namespaced' } }),
])

interface Wish {
  readonly knob: KnobRef
  readonly from: KnobValue
  readonly to: KnobValue
  readonly rationale?: string
}

function planText(changes: readonly Wish[]): string {
  return JSON.stringify({
    kind: 'semantos-plan',
    schema_version: 1,
    created: '2026-01-01T00:00:00Z',
    host: { name: 'web1', kernel: '6.18.0', boot_id: 'b' },
    changes: changes.map((change) => ({ rationale: 'because', cues: [], risk: 'low', takes_effect: 'at once', survives_reboot: false, ...change })),
    plan: { recommendations: [], advice: [] },
  })
}

function exported(format: keyof typeof EXPORTERS, changes: readonly Wish[]): Exported {
  return EXPORTERS[format](read(planText(changes)))
}

const read = (text: string) => readExport(text, 'plan.json', catalogue)

function report(outcome: string): string {
  const plan = { recommendations: [{ ...RECOMMENDATION, knob: 'vm.swappiness', value: 10 }], advice: [] }
  return JSON.stringify({
    schema_version: 1,
    run: 'r1',
    time: '2026-01-01T00:00:00Z',
    seed: 1,
    workload: null,
    slo: { p95_ms: 120 },
    outcome,
    snapshot: { time: '2026-01-01T00:00:00Z', host: null, metrics: [], missing: [] },
    evidence: { edges: [], traces: [], documents: [] },
    readings: [],
    plan,
    verdict: { allowed: true, guards: [], violations: [] },
    changes: [{ knob: 'vm.swappiness', from: 60, to: 10 }],
    steps: [{
      step: { knobs: ['vm.swappiness'], host_share: 1 },
      applied: outcome === 'applied' ? [{ knob: 'vm.swappiness', before: 60, wanted: 10, stored: 11 }] : [],
      observations: [],
      judgement: { decision: 'promote', reasons: [] },
    }],
    undone: [],
    post_p95_ms: null,
    evaluation: { trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured', words: 'nothing' },
    plugins: [],
  })
}

const RECOMMENDATION = {
  rationale: 'less swapping', cues: [], expected: { metric: 'p95_ms', change_pct: -1 }, uncertainty: 0.1, rules: [], edges: [], traces: [], documents: [], proposed_by: 'p', changed_by: [],
}

describe('what is exported', () => {
  it('are the changes of a plan, with their files and their reasons', () => {
    const { items, origin } = read(planText([
      { knob: 'vm.swappiness', from: 60, to: 10, rationale: 'less swapping' },
      { knob: 'cpuidle.state_disable[cpu0:state1]', from: 0, to: 1 },
      { knob: 'zswap.enabled', from: 0, to: 1 },
      { knob: 'net.ipv4.tcp_rmem', from: [1, 2, 3], to: [4096, 131072, 6291456] },
    ]))
    expect(origin).toBe('a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z')
    expect(items.map(({ ref, file, text, why }) => [ref, file, text, why])).toEqual([
      ['vm.swappiness', '/proc/sys/vm/swappiness', '10', 'less swapping'],
      ['cpuidle.state_disable[cpu0:state1]', '/sys/devices/system/cpu/cpu0/cpuidle/state1/disable', '1', 'because'],
      ['zswap.enabled', '/sys/module/zswap/parameters/enabled', 'Y', 'because'],
      ['net.ipv4.tcp_rmem', '/proc/sys/net/ipv4/tcp_rmem', '4096 131072 6291456', 'because'],
    ])
  })

  it('come in the order in which the kernel takes them', () => {
    const { items } = read(planText([{ knob: 'vm.dirty_background_ratio', from: 10, to: 30 }, { knob: 'vm.dirty_ratio', from: 20, to: 40 }]))
    expect(items.map(({ ref }) => ref)).toEqual(['vm.dirty_ratio', 'vm.dirty_background_ratio'])
    expect(items[0]?.along).toEqual(['/proc/sys/vm/dirty_bytes'])
  })

  it('are what a run left applied, as the kernel stored it, or what one that was only planned would change', () => {
    expect(read(report('applied')).items).toMatchObject([{ ref: 'vm.swappiness', from: 60, to: 11, why: 'less swapping' }])
    expect(read(report('dry run')).items).toMatchObject([{ ref: 'vm.swappiness', from: 60, to: 10, why: 'less swapping' }])
    expect(read(report('dry run')).origin).toBe('run r1 of 2026-01-01T00:00:00Z')
  })

  it.each(['rolled back', 'refused'])('are not those of a run that was %s', (outcome) => {
    expect(() => read(report(outcome))).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_DATA_INVALID', place: 'plan.json', message: `nothing of run r1 stands: it was ${outcome}` }))
  })

  it.each([
    ['SEMANTOS_E_DATA_INVALID', '{', 'this is not JSON'],
    ['SEMANTOS_E_DATA_INVALID', '[]', 'neither a plan nor the report of a run'],
    ['SEMANTOS_E_DATA_INVALID', '{"kind":"other"}', 'neither a plan nor the report of a run'],
    ['SEMANTOS_E_KNOB_UNKNOWN', planText([{ knob: 'vm.nothing', from: 1, to: 2 }]), 'vm.nothing is not in the catalogue'],
    ['SEMANTOS_E_KNOB_VALUE', planText([{ knob: 'vm.swappiness', from: 1, to: 9999 }]), 'is outside what the kernel accepts'],
    ['SEMANTOS_E_DATA_INVALID', planText([{ knob: 'block.scheduler[..]', from: 'none', to: 'bfq' }]), 'must be a knob name'],
    ['SEMANTOS_E_PATH_REFUSED', planText([{ knob: 'block.scheduler', from: 'none', to: 'bfq' }]), 'its device is not one of the knob'],
    ['SEMANTOS_E_PATH_REFUSED', planText([{ knob: 'vm.swappiness[sda]', from: 1, to: 2 }]), 'its device is not one of the knob'],
    ['SEMANTOS_E_PATH_REFUSED', planText([{ knob: 'cpuidle.state_disable[cpu0]', from: 0, to: 1 }]), 'its device is not one of the knob'],
  ])('%s for %s', (code, text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code, place: 'plan.json' }))
    expect(() => read(text)).toThrow(message)
  })
})

const CHANGES: readonly Wish[] = [
  { knob: 'vm.swappiness', from: 60, to: 10, rationale: 'less swapping' },
  { knob: 'net.core.somaxconn', from: 4096, to: 8192, rationale: 'accept queues overflowed 12 times a second\n# and "more"' },
  { knob: 'net.ipv4.tcp_rmem', from: [4096, 131072, 6291456], to: [4096, 131072, 16777216] },
  { knob: 'fs.mqueue.msg_max', from: 10, to: 100 },
  { knob: 'block.read_ahead_kb[vda]', from: 128, to: 4096 },
  { knob: 'thp.enabled', from: 'always', to: 'madvise' },
]

/** What people could put into a plan to have it mean something else where it is read. */
const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\n', '\r\nvm.swappiness=1', '\u2028', '\u0000', '#', '*/', "'; touch /var/x #", '$(id)', '`id`', '${x}', '{{ lookup("pipe", "id") }}', '--- {a: b}', '\u001b[31m'),
)
const hostileWord = fc.oneof(
  fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/),
  fc.constantFrom("';id;'", '"', "'", '\\', '$(id)', '`id`', '${f:exec:id}', '${x}', '>1', '<1', '# x', 'a # b', 'a #b', '{{ x }}', '{% x %}', '- - a: b', 'yes', '0x10', '!tag', '&a', '*a', '%b', '$$', '-n', '=', '[a]', '"a"', 'a\\nb', '~'),
)
const hostile = fc.uniqueArray(
  fc.tuple(fc.constantFrom('net.test.word', 'host.word', 'disk.word[vda]', 'disk.word[a.b:c@d-e]', 'mm.word'), hostileWord, hostileText).map(([knob, to, rationale]): Wish => ({ knob, from: 'a', to, rationale })),
  { selector: ({ knob }) => knob },
)

/** What an export says, read back, beside what it left out, must be what was asked for. */
function sameAs(changes: readonly Wish[], readBack: readonly { readonly knob: string; readonly value: KnobValue }[], { left }: Exported): void {
  const gone = new Set(left.map(({ knob }) => knob))
  expect(new Map(readBack.map(({ knob, value }) => [knob, value]))).toEqual(new Map(changes.filter(({ knob }) => !gone.has(knob)).map(({ knob, to }) => [knob, to])))
  expect(left.every(({ reason }) => reason !== '')).toBe(true)
}

const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'semantos-export-')))
afterAll(() => rmSync(temporary, { recursive: true }))

const missing = (command: string, argument = '--version') => spawnSync(command, [argument]).status !== 0

describe('sysctl.d', () => {
  it('is a drop-in with a reason for each line', () => {
    expect(exported('sysctl.d', CHANGES)).toMatchInlineSnapshot(`
      {
        "left": [
          {
            "knob": "block.read_ahead_kb[vda]",
            "reason": "/sys/block/vda/queue/read_ahead_kb is not below /proc/sys",
            "value": "4096",
          },
          {
            "knob": "thp.enabled",
            "reason": "/sys/kernel/mm/transparent_hugepage/enabled is not below /proc/sys",
            "value": "madvise",
          },
        ],
        "text": "# Kernel parameters of a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z, exported by SemantOS.

      # vm.swappiness = 10, was 60: less swapping
      vm.swappiness = 10

      # net.core.somaxconn = 8192, was 4096: accept queues overflowed 12 times a second # and "more"
      net.core.somaxconn = 8192

      # net.ipv4.tcp_rmem = 4096 131072 16777216, was 4096 131072 6291456: because
      net.ipv4.tcp_rmem = 4096 131072 16777216

      # fs.mqueue.msg_max = 100, was 10: because
      fs.mqueue.msg_max = 100
      ",
      }
    `)
  })

  it('names an interface that has a dot in its name with slashes', () => {
    expect(exported('sysctl.d', [{ knob: 'net.ipv4.conf.forwarding[eth0.100]', from: 0, to: 1 }]).text).toContain('\nnet/ipv4/conf/eth0.100/forwarding = 1\n')
  })

  it('means the same when it is read back, whatever the values and reasons', () => {
    fc.assert(
      fc.property(hostile, (changes) => {
        const result = exported('sysctl.d', changes)
        const files = { read: () => result.text, list: () => [] }
        const { settings, unmapped } = importSysctlD(['f'], files, catalogue)
        sameAs(changes, settings, result)
        expect(unmapped).toEqual([])
      }),
    )
  })

  it.skipIf(missing('sysctl'))('is understood by sysctl -p (needs procps; nothing is written)', () => {
    const file = join(temporary, 'drop-in.conf')
    writeFileSync(file, exported('sysctl.d', CHANGES).text)
    const { stdout, stderr, status } = spawnSync('sysctl', ['--dry-run', '-p', file], { encoding: 'utf8' })
    expect({ stdout, stderr, status }).toEqual({ stdout: 'vm.swappiness = 10\nnet.core.somaxconn = 8192\nnet.ipv4.tcp_rmem = 4096 131072 16777216\nfs.mqueue.msg_max = 100\n', stderr: '', status: 0 })
  })
})

describe('tuned', () => {
  const MACHINE = { cpuinfo: null, uname: null, virtual: null, governors: null, energyPreferences: null }
  const readBack = (text: string) => importTuned('/p/tuned.conf', { read: () => text, list: () => [] }, ['/p'], catalogue, MACHINE)

  it('is a profile', () => {
    expect(exported('tuned', CHANGES)).toMatchInlineSnapshot(`
      {
        "left": [],
        "text": "# Kernel parameters of a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z, exported by SemantOS.

      [main]
      summary=Kernel parameters exported by SemantOS

      [sysctl]
      # vm.swappiness = 10, was 60: less swapping
      vm.swappiness=10
      # net.core.somaxconn = 8192, was 4096: accept queues overflowed 12 times a second # and "more"
      net.core.somaxconn=8192
      # net.ipv4.tcp_rmem = 4096 131072 16777216, was 4096 131072 6291456: because
      net.ipv4.tcp_rmem=4096 131072 16777216
      # fs.mqueue.msg_max = 100, was 10: because
      fs.mqueue.msg_max=100

      [sysfs]
      # block.read_ahead_kb[vda] = 4096, was 128: because
      /sys/block/vda/queue/read_ahead_kb=4096
      # thp.enabled = madvise, was always: because
      /sys/kernel/mm/transparent_hugepage/enabled=madvise
      ",
      }
    `)
  })

  it('has no words for some names and values, and says so', () => {
    expect(exported('tuned', [{ knob: 'net.ipv4.conf.forwarding[eth0.100]', from: 0, to: 1 }, { knob: 'host.word', from: 'a', to: '${x}' }]).left).toEqual([
      { knob: 'net.ipv4.conf.forwarding[eth0.100]', value: '1', reason: 'tuned cannot name a parameter that has a dot in a part of its name' },
      { knob: 'host.word', value: '${x}', reason: 'tuned would read the value as something else' },
    ])
  })

  it('means the same when it is imported, whatever the values and reasons', () => {
    fc.assert(
      fc.property(hostile, (changes) => {
        const result = exported('tuned', changes)
        const { settings, unmapped } = readBack(result.text)
        sameAs(changes, settings, result)
        expect([unmapped, settings.filter(({ condition }: Setting) => condition !== null)]).toEqual([[], []])
      }),
    )
  })

  it('means the same for every knob of the catalogue that has a default', () => {
    const changes = [...catalogue].flatMap((knob): Wish[] => {
      const device = { host: '', 'block-device': '[vda]', cpu: '[cpu0]', 'cpu-policy': '[policy0]', 'cpu-idle-state': '[cpu0:state1]', 'net-device': '[eth0]', 'numa-node': '[node0]', 'hugepage-size': '[hugepages-2048kB]', module: '[m]' }[knob.where.per]
      const isResetByPartner = knob.resets.length > 0 && knob.default === 0
      return knob.default === null || isResetByPartner || knob.where.path.split('*').length > 2 ? [] : [{ knob: `${knob.name}${device}`, from: knob.default, to: knob.default }]
    })
    const result = exported('tuned', changes)
    expect(changes.length).toBeGreaterThan(20)
    sameAs(changes, readBack(result.text).settings, result)
    expect(result.left).toEqual([])
  })
})

/** The documents of a YAML text; parsing must find nothing to complain about. */
function documentsOf(text: string): unknown[] {
  const documents = parseAllDocuments(text, { version: '1.1' })
  if (!Array.isArray(documents)) throw new Error('no document')
  return documents.map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([])
    const json: unknown = document.toJS()
    return json
  })
}

const Task = z.looseObject({
  name: z.string(),
  'ansible.builtin.copy': z.object({ dest: z.string(), content: z.string() }).optional(),
})
const Playbook = z.tuple([z.object({ hosts: z.literal('all'), become: z.literal(true), tasks: z.array(Task) }).loose()])

describe('ansible', () => {
  it('is a playbook', () => {
    expect(exported('ansible', CHANGES).text).toMatchInlineSnapshot(`
      "---
      # Kernel parameters of a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z.
      - name: "Kernel parameters exported by SemantOS"
        hosts: "all"
        become: true
        gather_facts: false
        tasks:
          # vm.swappiness = 10, was 60: less swapping
          # net.core.somaxconn = 8192, was 4096: accept queues overflowed 12 times a second # and "more"
          # net.ipv4.tcp_rmem = 4096 131072 16777216, was 4096 131072 6291456: because
          # fs.mqueue.msg_max = 100, was 10: because
          - name: "Keep sysctls over a boot"
            ansible.builtin.copy:
              dest: "/etc/sysctl.d/90-semantos-playbook.conf"
              content: |
                vm.swappiness = 10
                net.core.somaxconn = 8192
                net.ipv4.tcp_rmem = 4096 131072 16777216
                fs.mqueue.msg_max = 100
              owner: "root"
              group: "root"
              mode: "0644"
            register: "semantos_sysctl"
          - name: "Write sysctls"
            ansible.builtin.command:
              argv:
                - "sysctl"
                - "--load=/etc/sysctl.d/90-semantos-playbook.conf"
            when: "semantos_sysctl is changed"
            changed_when: true

          # thp.enabled = madvise, was always: because
          - name: "Keep settings of sysfs and debugfs over a boot"
            ansible.builtin.copy:
              dest: "/etc/tmpfiles.d/semantos-playbook.conf"
              content: |
                w /sys/kernel/mm/transparent_hugepage/enabled - - - - madvise
              owner: "root"
              group: "root"
              mode: "0644"
            register: "semantos_tmpfiles"
          - name: "Write settings of sysfs and debugfs"
            ansible.builtin.command:
              argv:
                - "systemd-tmpfiles"
                - "--create"
                - "/etc/tmpfiles.d/semantos-playbook.conf"
            when: "semantos_tmpfiles is changed"
            changed_when: true

          # block.read_ahead_kb[vda] = 4096, was 128: because
          - name: "Keep settings of devices over a boot"
            ansible.builtin.copy:
              dest: "/etc/udev/rules.d/90-semantos-playbook.rules"
              content: |
                ACTION=="add|change", SUBSYSTEM=="block", KERNEL=="vda", ATTR{queue/read_ahead_kb}="4096"
              owner: "root"
              group: "root"
              mode: "0644"
            register: "semantos_udev"
          - name: "Read the rules for devices"
            ansible.builtin.command:
              argv:
                - "udevadm"
                - "control"
                - "--reload"
            when: "semantos_udev is changed"
            changed_when: true
          - name: "Write settings of devices"
            ansible.builtin.command:
              argv:
                - "udevadm"
                - "trigger"
                - "--settle"
                - "--action=change"
                - "--subsystem-match=block"
            when: "semantos_udev is changed"
            changed_when: true
      "
    `)
  })

  it('says the values and nothing else, whatever they are', () => {
    fc.assert(
      fc.property(hostile, (changes) => {
        const result = exported('ansible', changes)
        const [{ tasks }] = Playbook.parse(documentsOf(result.text)[0] === undefined ? [] : documentsOf(result.text)[0])
        const files = tasks.flatMap((task) => task['ansible.builtin.copy'] ?? [])
        const linesOf = (sysctls: boolean) => files.filter(({ dest }) => dest.startsWith('/etc/sysctl.d/') === sysctls).flatMap(({ content }) => content.trimEnd().split('\n'))
        const gone = new Set(result.left.map(({ knob }) => knob))
        const wanted = changes.filter(({ knob }) => !gone.has(knob))
        expect(linesOf(true)).toEqual(wanted.filter(({ knob }) => /^(net|host)/.test(knob)).map(({ knob, to }) => `${knob} = ${String(to)}`))
        expect(result.text).not.toMatch(/^[^#]*\{[{%]/m)
        expect(linesOf(false)).toHaveLength(wanted.filter(({ knob }) => /^(disk|mm)/.test(knob)).length)
      }),
    )
  })

  it.skipIf(missing('ansible-playbook'))('passes ansible-playbook --syntax-check (needs ansible-playbook)', () => {
    const everything = [...CHANGES, { knob: 'host.word', from: 'a', to: "it's: \"- {a}\" # x", rationale: '{{ lookup("pipe", "id") }}' }]
    for (const [name, changes] of [['all', everything], ['none', []]] as const) {
      const file = join(temporary, `${name}.yml`)
      writeFileSync(file, exported('ansible', changes).text)
      const { stderr, status } = spawnSync('ansible-playbook', ['--syntax-check', '-i', 'localhost,', file], { encoding: 'utf8' })
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    }
  })
})

describe('settings that are no sysctls', () => {
  const itemOf = (knob: KnobRef, to: KnobValue) => {
    const [item] = read(planText([{ knob, from: 'a', to }])).items
    if (!item) throw new Error('no item')
    return item
  }

  it('become a udev rule where they are an attribute of a disk or a network interface', () => {
    expect(udevRule(itemOf('disk.word[sda]', 'a%b$c'))).toEqual({ rule: 'ACTION=="add|change", SUBSYSTEM=="block", KERNEL=="sda", ATTR{queue/word}="a%%b$$c"', subsystem: 'block' })
    expect(udevRule(itemOf('netdev.rps_flow_cnt[eth0:rx-0]', 4096))).toEqual({ rule: 'ACTION=="add|change", SUBSYSTEM=="net", KERNEL=="eth0", ATTR{queues/rx-0/rps_flow_cnt}="4096"', subsystem: 'net' })
    expect(udevRule(itemOf('mm.word', 'a'))).toBeNull()
  })

  it('become a line of tmpfiles.d elsewhere', () => {
    expect(tmpfilesLine(itemOf('mm.word', 'a b%c\\n'))).toBe('w /sys/kernel/mm/word - - - - a b%%c\\\\n')
  })

  it.skipIf(missing('systemd-tmpfiles'))('reach the file as they are (needs systemd-tmpfiles)', () => {
    fc.assert(
      fc.property(fc.oneof(hostileWord, fc.constant('-')), (word) => {
        const root = fakeRoot({ 'sys/kernel/mm/word': 'before' })
        const file = join(root, 'semantos.conf')
        writeFileSync(file, `${tmpfilesLine(itemOf('mm.word', word))}\n`)
        const { stderr } = spawnSync('systemd-tmpfiles', ['--create', `--root=${root}`, file], { encoding: 'utf8' })
        expect({ stderr, text: textIn(root, 'sys/kernel/mm/word').slice(0, word.length) }).toEqual({ stderr: '', text: word })
        rmSync(root, { recursive: true })
      }),
      { numRuns: 15 },
    )
  })
})

const Pod = z.object({ kind: z.literal('Pod'), spec: z.object({ securityContext: z.object({ sysctls: z.array(z.object({ name: z.string(), value: z.string() })) }) }).loose() }).loose()
const Tuned = z.object({ kind: z.literal('Tuned'), spec: z.object({ profile: z.tuple([z.object({ name: z.string(), data: z.string() })]) }).loose() }).loose()

describe('kubernetes', () => {
  it('is a pod for what belongs to its namespaces, and a Tuned for the node', () => {
    expect(exported('kubernetes', CHANGES).text).toMatchInlineSnapshot(`
      "---
      # Kernel parameters of a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z, exported by SemantOS.
      # Copy securityContext to the pods of your workload; it does not reach pods that share the host's network or
      # IPC.
      # Their nodes must allow these first: kubelet --allowed-unsafe-sysctls=net.core.somaxconn,fs.mqueue.msg_max
      # net.core.somaxconn = 8192, was 4096: accept queues overflowed 12 times a second # and "more"
      # net.ipv4.tcp_rmem = 4096 131072 16777216, was 4096 131072 6291456: because
      # fs.mqueue.msg_max = 100, was 10: because
      apiVersion: "v1"
      kind: "Pod"
      metadata:
        name: "workload"
      spec:
        securityContext:
          sysctls:
            - name: "net.core.somaxconn"
              value: "8192"
            - name: "net.ipv4.tcp_rmem"
              value: "4096 131072 16777216"
            - name: "fs.mqueue.msg_max"
              value: "100"
        containers:
          - name: "workload"
            image: "workload"
      ---
      # Kernel parameters of a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z, exported by SemantOS.
      # For the nodes, through the Node Tuning Operator. Change the label to choose which.
      apiVersion: "tuned.openshift.io/v1"
      kind: "Tuned"
      metadata:
        name: "semantos"
        namespace: "openshift-cluster-node-tuning-operator"
      spec:
        profile:
          - name: "semantos"
            data: |
              # Kernel parameters of a plan made on web1 (Linux 6.18.0) at 2026-01-01T00:00:00Z, exported by SemantOS.

              [main]
              summary=Kernel parameters exported by SemantOS
              include=openshift-node

              [sysctl]
              # vm.swappiness = 10, was 60: less swapping
              vm.swappiness=10

              [sysfs]
              # block.read_ahead_kb[vda] = 4096, was 128: because
              /sys/block/vda/queue/read_ahead_kb=4096
              # thp.enabled = madvise, was always: because
              /sys/kernel/mm/transparent_hugepage/enabled=madvise
        recommend:
          - match:
              - label: "node-role.kubernetes.io/worker"
            priority: 20
            profile: "semantos"
      "
    `)
  })

  it('is one document where everything belongs to one of them', () => {
    expect(documentsOf(exported('kubernetes', [{ knob: 'vm.swappiness', from: 60, to: 10 }]).text)).toHaveLength(1)
    expect(documentsOf(exported('kubernetes', [{ knob: 'net.ipv4.tcp_rmem', from: [1, 1, 1], to: [4096, 131072, 6291456] }]).text)).toMatchObject([{ kind: 'Pod' }])
  })

  it('says the values and nothing else, whatever they are', () => {
    fc.assert(
      fc.property(hostile.filter((changes) => changes.length === 5), (changes) => {
        const result = exported('kubernetes', changes)
        const [pod, tuned, ...more] = documentsOf(result.text)
        expect(more).toEqual([])
        expect(Pod.parse(pod).spec.securityContext.sysctls).toEqual(changes.filter(({ knob }) => knob === 'net.test.word').map(({ knob, to }) => ({ name: knob, value: to })))
        const { data } = Tuned.parse(tuned).spec.profile[0]
        const { settings } = importTuned('/p/tuned.conf', { read: () => data.replace('include=openshift-node\n', ''), list: () => [] }, ['/p'], catalogue, { cpuinfo: null, uname: null, virtual: null, governors: null, energyPreferences: null })
        sameAs(changes.filter(({ knob }) => knob !== 'net.test.word'), settings, result)
      }),
      { numRuns: 40 },
    )
  })
})

describe('shell', () => {
  const FILES = {
    'proc/sys/vm/swappiness': '60',
    'proc/sys/net/core/somaxconn': '4096',
    'proc/sys/net/ipv4/tcp_rmem': '4096\t131072\t6291456',
    'proc/sys/fs/mqueue/msg_max': '10',
    'sys/block/vda/queue/read_ahead_kb': '128',
    'sys/kernel/mm/transparent_hugepage/enabled': 'always',
  }

  /** A script on a root of its own. */
  function script(changes: readonly Wish[], files: Readonly<Record<string, string>> = FILES) {
    const root = fakeRoot(files)
    const file = join(root, 'settings.sh')
    writeFileSync(file, exported('shell', changes).text)
    return {
      root,
      run: (...args: readonly string[]) => spawnSync('sh', [file, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'], SEMANTOS_ROOT: root, SEMANTOS_STATE: join(root, 'state', 'old') } }),
      texts: () => Object.fromEntries(Object.keys(files).map((path) => [path, textIn(root, path)])),
      saved: () => existsSync(join(root, 'state', 'old')),
    }
  }

  function ends({ status, stderr }: { readonly status: number | null; readonly stderr: string }, wanted: number, words: string): void {
    expect(stderr).toContain(words)
    expect(status).toBe(wanted)
  }

  it('writes every value, and puts every old one back', () => {
    const { run, texts, saved } = script(CHANGES)
    ends(run('apply'), 0, '/proc/sys/vm/swappiness: 60 -> 10\n')
    expect(texts()).toEqual({
      'proc/sys/vm/swappiness': '10',
      'proc/sys/net/core/somaxconn': '8192',
      'proc/sys/net/ipv4/tcp_rmem': '4096 131072 16777216',
      'proc/sys/fs/mqueue/msg_max': '100',
      'sys/block/vda/queue/read_ahead_kb': '4096',
      'sys/kernel/mm/transparent_hugepage/enabled': 'madvise',
    })
    expect(run('undo')).toMatchObject({ status: 0, stderr: 'restored\n' })
    expect(texts()).toEqual(FILES)
    expect(saved()).toBe(false)
  })

  it('saves the chosen word of several, and passes over what the host lacks', () => {
    const { run, texts } = script(CHANGES, { 'sys/kernel/mm/transparent_hugepage/enabled': '[always] madvise never' })
    ends(run('apply'), 0, '/proc/sys/vm/swappiness: not on this host\n')
    expect(run('undo').status).toBe(0)
    expect(texts()).toEqual({ 'sys/kernel/mm/transparent_hugepage/enabled': 'always' })
  })

  it('refuses to apply twice, to undo nothing, and what it does not know', () => {
    const { run, texts } = script(CHANGES)
    ends(run('undo'), 2, 'nothing to undo')
    run('apply')
    ends(run('apply'), 2, 'applied already')
    run('undo')
    expect(texts()).toEqual(FILES)
    for (const args of [[], ['status'], ['apply', '--force'], ['undo', 'x']]) ends(run(...args), 2, 'usage')
  })

  it('leaves alone what somebody else has changed since, unless it is forced', () => {
    const { root, run, texts, saved } = script(CHANGES)
    run('apply')
    writeFileSync(join(root, 'proc/sys/vm/swappiness'), '33\n')
    ends(run('undo'), 1, '/proc/sys/vm/swappiness: is 33, was 60 before\n')
    expect(texts()).toEqual({ ...FILES, 'proc/sys/vm/swappiness': '33' })
    expect(saved()).toBe(true)
    expect(run('undo', '--force').status).toBe(0)
    expect(texts()).toEqual(FILES)
  })

  it('does not read what is no file', () => {
    const { root, run } = script(CHANGES, {})
    mkdirSync(join(root, 'proc/sys/vm'), { recursive: true })
    symlinkSync('/dev/zero', join(root, 'proc/sys/vm/swappiness'))
    ends(run('apply'), 0, '/proc/sys/vm/swappiness: not on this host\n')
  })

  it('takes back what it has written when a write fails', () => {
    const { root, run, texts, saved } = script([...CHANGES, { knob: 'ksm.run', from: 0, to: 1 }])
    // The kernel lets nobody write its own name.
    mkdirSync(dirname(join(root, 'sys/kernel/mm/ksm/run')), { recursive: true })
    symlinkSync('/proc/sys/kernel/ostype', join(root, 'sys/kernel/mm/ksm/run'))
    ends(run('apply'), 1, '/sys/kernel/mm/ksm/run: cannot write 1\n')
    expect(texts()).toEqual(FILES)
    expect(saved()).toBe(false)
  })

  it('restores what a write has reset, when it is forced: a folder does not do what the kernel does', () => {
    const files = { 'proc/sys/vm/dirty_ratio': '20', 'proc/sys/vm/dirty_bytes': '0' }
    const { root, run, texts } = script([{ knob: 'vm.dirty_bytes', from: 0, to: 536870912 }], files)
    run('apply')
    // What the kernel does with the other half, which a folder does not.
    writeFileSync(join(root, 'proc/sys/vm/dirty_ratio'), '0\n')
    expect(run('undo').status).toBe(1)
    expect(run('undo', '--force').status).toBe(0)
    expect(texts()).toEqual(files)
  })

  it('keeps the old values where nobody else can read them', () => {
    const { root, run } = script(CHANGES)
    run('apply')
    expect(statSync(join(root, 'state', 'old')).mode & 0o777).toBe(0o600)
  })

  it('writes exactly the value and runs nothing of it, whatever the values and reasons', () => {
    fc.assert(
      fc.property(hostile, (changes) => {
        const files = { 'proc/sys/net/test/word': 'a', 'proc/sys/host/word': 'a', 'sys/block/vda/queue/word': 'a', 'sys/block/a.b:c@d-e/queue/word': 'a', 'sys/kernel/mm/word': 'a' }
        const pathOf = { 'net.test.word': 'proc/sys/net/test/word', 'host.word': 'proc/sys/host/word', 'disk.word[vda]': 'sys/block/vda/queue/word', 'disk.word[a.b:c@d-e]': 'sys/block/a.b:c@d-e/queue/word', 'mm.word': 'sys/kernel/mm/word' }
        const { root, run, texts } = script(changes, files)
        expect(run('apply').status).toBe(0)
        const wanted = Object.fromEntries(Object.entries(pathOf).map(([knob, path]) => [path, changes.find((change) => change.knob === knob)?.to ?? 'a']))
        expect(texts()).toEqual(wanted)
        expect(run('undo').status).toBe(0)
        expect(texts()).toEqual(files)
        rmSync(root, { recursive: true })
      }),
      { numRuns: 12 },
    )
  }, 60_000)

  it.each(['sh', 'dash', 'bash', 'busybox'])('is a script for %s', (shell) => {
    if (missing(shell, shell === 'busybox' ? '--help' : '-c')) return
    const args = shell === 'busybox' ? ['sh', '-n'] : ['-n']
    expect(spawnSync(shell, args, { input: exported('shell', CHANGES).text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })
})
