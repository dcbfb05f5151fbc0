import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fakeRoot } from '../../../tests/faults/fake-root.js'
import { whyDenied } from './deny-list.js'
import { isPlainPath, isPlainText, mustBeKernelFile, openKnobFile, realKnobPath, refusesPath } from './safe-path.js'

describe('names', () => {
  test.each([
    '', '/', '.', '..', 'vm/', '/vm/swappiness', 'vm//swappiness', 'vm/../kernel/core_pattern', 'vm/./swappiness', 'vm/*', 'vm/swap\npiness',
    'vm/swap\0piness', 'vm/swap piness', 'vm/swap\tpiness', 'vm/ѕwappiness', 'vm/swappi\u200bness', 'vm／swappiness', 'vm\\swappiness', 'vm/‥/x', 'vm/%2e%2e/x',
  ])('%j is not a plain path', (path) => {
    expect(isPlainPath(path)).toBe(false)
    expect(refusesPath('sysctl', path)).not.toBeNull()
  })

  test.each(['vm/swappiness', 'net/ipv4/conf/eth0.100/mtu', 'queue/scheduler', 'sched/base_slice_ns'])('%s is', (path) => {
    expect(isPlainPath(path)).toBe(true)
  })

  test('whatever the text, a plain path has no segment that climbs', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('.', '/', 'a', '\0', '\n', '*', '‥', ':') }), (path) => {
      fc.pre(isPlainPath(path))
      expect(join('/top', path)).toBe(`/top/${path}`)
    }))
  })
})

describe('values', () => {
  test.each(['', '1\n2', '1\0', '1\r', 'é', '１', 'x'.repeat(4096)])('%j is not plain text', (text) => {
    expect(isPlainText(text)).toBe(false)
  })
  test.each(['0', '-1', '4096\t131072', 'none', 'x'.repeat(4095)])('%j is', (text) => {
    expect(isPlainText(text)).toBe(true)
  })
})

describe('files that are never written', () => {
  test.each([
    'kernel/core_pattern', 'kernel/modprobe', 'kernel/hotplug', 'kernel/poweroff_cmd', 'kernel/usermodehelper/bset', 'fs/binfmt_misc/register',
    'kernel/kexec_load_disabled', 'kernel/randomize_va_space', 'kernel/sysrq', 'kernel/yama/ptrace_scope', 'kernel/kptr_restrict',
    'kernel/unprivileged_bpf_disabled', 'vm/drop_caches', 'net/core/bpf_jit_harden', 'net/ipv4/conf/all/accept_source_route', 'net/ipv4/conf/eth0/rp_filter',
    'net/ipv6/conf/default/accept_redirects', 'net/ipv4/conf/lo/route_localnet', 'net/ipv4/ip_unprivileged_port_start', 'net/ipv4/ip_forward', 'net/ipv6/conf/all/accept_ra',
    'kernel/panic_on_oops', 'kernel/hung_task_panic', 'vm/panic_on_oom', 'kernel/ctrl-alt-del', 'kernel/cap_last_cap', 'debug/exception-trace',
  ])('sysctl %s', (path) => {
    expect(refusesPath('sysctl', path)).toMatch(/^it [a-z]/)
  })
  test.each(['kernel/uevent_helper', 'bus/pci/drivers/x/bind', 'block/vda/device/delete', 'power/state', 'kernel/debug/sched/features', 'firmware/acpi/x', 'module/firmware_class/parameters/path', 'bus/pci/devices/0000:00:01.0/config',
    'module/kgdboc/parameters/kgdboc', 'module/apparmor/parameters/mode', 'module/vfio_iommu_type1/parameters/allow_unsafe_interrupts', 'class/net/eth0/flags', 'block/vda/ro', 'hypervisor/x'])('sysfs %s', (path) => {
    expect(whyDenied('sysfs', path)).not.toBeNull()
  })
  test.each(['provoke-crash/DIRECT', 'tracing/set_event', 'schedx', 'sched'])('debugfs %s', (path) => {
    expect(whyDenied('debugfs', path)).not.toBeNull()
  })
  test.each([['sysctl', 'vm/swappiness'], ['sysctl', 'kernel/sched_autogroup_enabled'], ['sysfs', 'block/vda/queue/scheduler'], ['sysfs', 'module/zswap/parameters/enabled'], ['sysctl', 'net/ipv4/conf/all/arp_announce'], ['debugfs', 'sched/base_slice_ns']] as const)('but %s %s is', (kind, path) => {
    expect(refusesPath(kind, path)).toBeNull()
  })
})

describe('links', () => {
  test('a folder that links out of the interface is refused, one that stays inside is not', () => {
    const root = fakeRoot({ 'sys/devices/vda/queue/nr_requests': '64', 'etc/shadow': 'secret' })
    mkdirSync(join(root, 'sys/block'))
    symlinkSync('../devices/vda', join(root, 'sys/block/vda'))
    symlinkSync('../../etc', join(root, 'sys/block/evil'))
    symlinkSync('/etc', join(root, 'sys/block/absolute'))
    expect(realKnobPath(root, 'sysfs', 'block/vda/queue/nr_requests')).toBe(join(root, 'sys/devices/vda/queue/nr_requests'))
    expect(() => realKnobPath(root, 'sysfs', 'block/evil/shadow')).toThrow(/outside/)
    expect(() => realKnobPath(root, 'sysfs', 'block/absolute/passwd')).toThrow(/outside/)
  })

  test('a folder whose name only begins like the interface is outside', () => {
    const root = fakeRoot({ 'proc/sys-not/x': '1' })
    symlinkSync('../sys-not', join(root, 'proc/sys/vm'))
    expect(() => realKnobPath(root, 'sysctl', 'vm/x')).toThrow(/outside/)
  })

  test('a link as the file itself is not followed', () => {
    const root = fakeRoot({ 'etc/target': '1', 'proc/sys/vm/a': '1' })
    symlinkSync(join(root, 'etc/target'), join(root, 'proc/sys/vm/link'))
    for (const access of ['read', 'write'] as const) expect(() => openKnobFile(join(root, 'proc/sys/vm/link'), access)).toThrow(/ELOOP/)
  })

  test('a pipe is refused instead of waited for', () => {
    const root = fakeRoot({})
    execFileSync('mkfifo', [join(root, 'proc/sys/pipe')])
    expect(() => openKnobFile(join(root, 'proc/sys/pipe'), 'read')).toThrow(/regular file/)
    expect(() => openKnobFile(join(root, 'proc/sys/pipe'), 'write')).toThrow(/ENXIO|regular file/)
  })
})

test('on a real host the file must be on the kernel\'s own file system', () => {
  expect(() => mustBeKernelFile('/', 'sysctl', '/usr')).toThrow(/not on the proc file system/)
  expect(() => mustBeKernelFile('/', 'sysctl', '/proc/sys/vm/swappiness')).not.toThrow()
  expect(() => mustBeKernelFile('/', 'sysfs', '/proc/sys/vm/swappiness')).toThrow(/not on the sysfs file system/)
})
