import type { Interface } from '@semantos/core'

/** Files of one kind that are never opened for writing, whatever a catalogue says, and why. */
interface Denied {
  readonly why: string
  /** Relative to the interface's folder; `*` stands for any text, also across folders. */
  readonly sysctl?: readonly string[]
  readonly sysfs?: readonly string[]
}

const DENIED: readonly Denied[] = [
  {
    why: 'it names or loads code that the kernel runs',
    sysctl: [
      'fs/binfmt_misc/*', 'fs/verity/*', 'kernel/core_*', 'kernel/firmware_config/*', 'kernel/hotplug', 'kernel/kexec_*', 'kernel/modprobe', 'kernel/modules_disabled',
      'kernel/poweroff_cmd', 'kernel/usermodehelper/*',
    ],
    sysfs: [
      '*/uevent', '*/uevent_helper', 'module/firmware_class/*', 'module/kgdb*', 'module/*/parameters/kgdb*', 'fs/bpf/*', 'kernel/boot_params/*', 'kernel/kexec*',
      'kernel/livepatch/*', 'kernel/tracing/*', '*/firmware*', '*/backing_file', 'module/*/parameters/path',
    ],
  },
  {
    why: 'it weakens a security module or a defence of the kernel',
    sysctl: [
      'abi/*', 'fs/protected_*', 'fs/suid_dumpable', 'kernel/apparmor*', 'kernel/cap_*', 'kernel/dmesg_restrict', 'kernel/ftrace*', 'kernel/io_uring_*', 'kernel/keys/*',
      'kernel/kptr_restrict', 'kernel/overflow*', 'fs/overflow*', 'kernel/perf_event_paranoid', 'kernel/randomize_va_space', 'kernel/seccomp/*', 'kernel/stack_tracer_enabled',
      'kernel/sysctl_writes_strict', 'kernel/tainted', 'kernel/unprivileged_*', 'kernel/user_events_max', 'kernel/yama/*', 'net/core/bpf_jit_*', 'user/*', 'vm/hugetlb_shm_group',
      'vm/legacy_va_layout', 'vm/memfd_noexec', 'vm/mmap_*', 'vm/unprivileged_*', 'kernel/bpf_stats_enabled',
    ],
    sysfs: [
      'fs/selinux/*', 'kernel/security/*', 'module/apparmor/*', 'module/*/parameters/allow_unsafe_*', 'module/kvm/parameters/nx_*', 'module/*/parameters/*sig_enforce*',
      'module/*/parameters/authorized*', '*/authorized*', 'module/sysrq/*', 'kernel/uids/*', 'devices/system/cpu/vulnerabilities/*', 'kernel/iommu_groups/*',
    ],
  },
  {
    why: 'it lets others redirect, spoof or reach traffic of this host',
    sysctl: [
      'net/*/accept_source_route', 'net/*/accept_redirects', 'net/*/secure_redirects', 'net/*/send_redirects', 'net/*/shared_media', 'net/*/rp_filter', 'net/*/src_valid_mark',
      'net/*/route_localnet', 'net/*/accept_local', 'net/*/log_martians', 'net/*/forwarding', 'net/*/mc_forwarding', 'net/*/ip_forward*', 'net/*/proxy_arp*', 'net/*/proxy_ndp',
      'net/*/arp_accept', 'net/*/drop_gratuitous_arp', 'net/*/drop_unicast_in_l2_multicast', 'net/*/drop_unsolicited_na', 'net/*/accept_ra*', 'net/*/autoconf', 'net/*/disable_ipv6',
      'net/*/disable_policy', 'net/*/disable_xfrm', 'net/*/bootp_relay', 'net/*/ip_unprivileged_port_start', 'net/*/ping_group_range', 'net/*/ip_nonlocal_bind',
      'net/*/icmp_echo_ignore_*', 'net/*/icmp_ignore_*', 'net/*/tcp_rfc1337', 'net/*/seg6_*', 'net/*/ioam6_*',
    ],
    sysfs: ['class/net/*/flags', 'class/net/*/carrier', 'class/net/*/operstate', 'class/net/*/ifalias', 'class/rfkill/*'],
  },
  {
    why: 'it stops, reboots or panics the host',
    sysctl: [
      'kernel/acct', 'kernel/cad_pid', 'kernel/ctrl-alt-del', 'kernel/panic*', 'kernel/*_panic', 'kernel/softlockup_all_cpu_backtrace', 'kernel/hardlockup_all_cpu_backtrace', 'kernel/oops_limit',
      'kernel/warn_limit', 'kernel/sysrq', 'kernel/traceoff_on_warning', 'vm/panic_on_oom', 'fs/*/panic*',
    ],
    sysfs: ['kernel/reboot/*', 'class/watchdog/*', 'class/tpm/*', 'fs/*/errors_behavior', 'fs/*/trigger_*', 'power/*', '*/power/state'],
  },
  {
    why: 'it acts when it is written, and holds no value',
    sysctl: ['dev/tty/*', 'kernel/ns_last_pid', 'kernel/random/*', 'vm/compact_memory', 'vm/drop_caches', 'vm/stat_refresh', 'net/*/flush', 'kernel/hostname', 'kernel/domainname', 'kernel/print-fatal-signals'],
    sysfs: [
      '*/bind', '*/unbind', '*/new_id', '*/remove_id', '*/driver_override', '*/drivers_probe', '*/drivers_autoprobe', '*/remove', '*/delete', '*/rescan', '*/reset', '*/online', '*/probe',
      '*/state', '*/enable', '*/hot_remove', '*/hot_add', 'fs/cgroup/*', 'kernel/profiling', 'block/*/ro', 'class/block/*/ro',
    ],
  },
  {
    why: 'it is memory or a register of a device',
    sysfs: ['firmware/*', '*/config', '*/resource*', '*/rom', '*/vpd', '*/eeprom', '*/nvmem', 'class/hwmon/*', 'class/thermal/*', 'class/powercap/*'],
  },
  // Its own rules hold there.
  { why: 'it belongs to another interface', sysfs: ['kernel/debug/*'] },
]

/** Where values that a tuner may want are found at all: what lies elsewhere is refused without looking further. */
const ALLOWED: Readonly<Record<Interface, { readonly inside: RegExp; readonly words: string }>> = {
  sysctl: { inside: /^(?:dev\/(?:raid|scsi|cdrom|hpet)|fs|kernel|net|sunrpc|vm)\//, words: 'below fs, kernel, net or vm' },
  sysfs: {
    inside: /^(?:block\/|bus\/workqueue\/|class\/(?:bdi|block|net)\/|devices\/|fs\/|kernel\/(?:mm\/|rcu_|irq\/|uevent_seqnum)|module\/[^/]+\/parameters\/)/,
    words: 'of a device, a file system, memory management or a module',
  },
  // Debugfs has no rules of its own. What a tuner may want there is the scheduler's folder, and nothing else.
  debugfs: { inside: /^sched\//, words: 'below sched' },
}

const PATTERNS = DENIED.map(({ why, sysctl = [], sysfs = [] }) => ({ why, sysctl: anyOf(sysctl), sysfs: anyOf(sysfs) }))

/** Why this file is never opened for writing, or null where nothing speaks against it. */
export function whyDenied(kind: Interface, path: string): string | null {
  if (kind !== 'debugfs') {
    const denied = PATTERNS.find((patterns) => patterns[kind].test(path))
    if (denied) return denied.why
  }
  const { inside, words } = ALLOWED[kind]
  return inside.test(path) ? null : `it is no parameter ${words}`
}

function anyOf(globs: readonly string[]): RegExp {
  if (globs.length === 0) return /(?!)/
  return new RegExp(`^(?:${globs.map((glob) => glob.replaceAll('*', '.*')).join('|')})$`, 's')
}
