import { spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type KnobRef, type KnobValue, z } from '@semantos/core'
import { CHANGES, documentsOf, exported, hostile, hostileWord, missing, planText, read } from '../../../../tests/exchange/exporting.js'
import { fakeRoot, textIn } from '../../../../tests/faults/fake-root.js'
import { tmpfilesLine, udevRule } from './persist.js'

const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'semantos-export-')))
afterAll(() => rmSync(temporary, { recursive: true }))

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
        expect(linesOf(true)).toEqual(wanted.filter(({ knob }) => /^(net|fs)/.test(knob)).map(({ knob, to }) => `${knob} = ${String(to)}`))
        expect(result.text).not.toMatch(/^[^#]*\{[{%]/m)
        expect(linesOf(false)).toHaveLength(wanted.filter(({ knob }) => /^(disk|mm)/.test(knob)).length)
      }),
    )
  })

  it.skipIf(missing('ansible-playbook'))('passes ansible-playbook --syntax-check (needs ansible-playbook)', () => {
    const everything = [...CHANGES, { knob: 'fs.word', from: 'a', to: "it's: \"- {a}\" # x", rationale: '{{ lookup("pipe", "id") }}' }]
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
