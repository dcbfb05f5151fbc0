import type { Interface } from '@semantos/core'

/**
 * Files that run code, weaken the kernel's defences, or act instead of holding a value. They are never opened for
 * writing, whatever a catalogue says. Relative to the interface's folder; `*` stands for any text, also across folders.
 */
const DENIED: { readonly sysctl: readonly string[]; readonly sysfs: readonly string[] } = {
  sysctl: [
    'abi/*', 'dev/tty/*', 'user/*',
    'fs/binfmt_misc/*', 'fs/protected_*', 'fs/suid_dumpable', 'fs/verity/*',
    'kernel/apparmor*', 'kernel/cad_pid', 'kernel/core_*', 'kernel/dmesg_restrict', 'kernel/firmware_config/*', 'kernel/ftrace*',
    'kernel/hotplug', 'kernel/io_uring_*', 'kernel/kexec_*', 'kernel/keys/*', 'kernel/kptr_restrict', 'kernel/modprobe', 'kernel/modules_disabled',
    'kernel/ns_last_pid', 'kernel/perf_event_paranoid', 'kernel/poweroff_cmd', 'kernel/random/*', 'kernel/randomize_va_space', 'kernel/seccomp/*',
    'kernel/stack_tracer_enabled', 'kernel/sysrq', 'kernel/tainted', 'kernel/unprivileged_*', 'kernel/usermodehelper/*', 'kernel/yama/*',
    'net/core/bpf_jit_*',
    'vm/compact_memory', 'vm/drop_caches', 'vm/legacy_va_layout', 'vm/memfd_noexec', 'vm/mmap_*', 'vm/stat_refresh', 'vm/unprivileged_*',
  ],
  sysfs: [
    '*/bind', '*/unbind', '*/new_id', '*/remove_id', '*/driver_override', '*/drivers_probe', '*/drivers_autoprobe', '*/uevent', '*/uevent_helper',
    '*/remove', '*/delete', '*/rescan', '*/reset', '*/online', '*/probe',
    'firmware/*', 'fs/bpf/*', 'fs/selinux/*', 'kernel/boot_params/*', 'kernel/kexec*', 'kernel/livepatch/*', 'kernel/security/*', 'kernel/tracing/*', 'power/*',
    // Another interface: its own rules hold there.
    'kernel/debug/*',
  ],
}

const PATTERNS = {
  sysctl: anyOf(DENIED.sysctl),
  sysfs: anyOf(DENIED.sysfs),
  // Debugfs has no rules of its own. What a tuner may want there is the scheduler's folder, and nothing else.
  debugfs: /^(?!sched\/)/,
} as const

export function isDenied(kind: Interface, path: string): boolean {
  return PATTERNS[kind].test(path)
}

function anyOf(globs: readonly string[]): RegExp {
  return new RegExp(`^(?:${globs.map((glob) => glob.replaceAll('*', '.*')).join('|')})$`, 's')
}
