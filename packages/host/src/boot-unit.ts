import { guardFile } from './watchdog-process.js'
import type { RecoverTask } from './watchdog-task.js'
import { STATE_DIR } from './state-dir.js'

/** A systemd unit: its name, where it belongs, and its text. */
export interface BootUnit {
  readonly name: string
  readonly path: string
  readonly text: string
}

/**
 * A systemd unit that takes back, at boot, what nobody confirmed: drop-ins of such runs go before systemd would apply them. Values
 * in the kernel have died with the boot before. Started by hand, it takes back runs that died in this boot as well.
 */
export function bootUnit({ stateDir = STATE_DIR, root = '/' }: { readonly stateDir?: string; readonly root?: string } = {}): BootUnit {
  const name = 'semantos-guard.service'
  const task: RecoverTask = { task: 'recover', stateDir, root }
  const command = [process.execPath, guardFile(), JSON.stringify(task)].map(quoted).join(' ')
  const text = `[Unit]
Description=SemantOS: take back kernel parameters that nobody confirmed
Documentation=man:sysctl.d(5)
DefaultDependencies=no
RequiresMountsFor=${stateDir} /usr /etc
After=local-fs.target
Before=systemd-sysctl.service systemd-tmpfiles-setup.service systemd-udev-trigger.service sysinit.target shutdown.target
Conflicts=shutdown.target
ConditionDirectoryNotEmpty=${stateDir}

[Service]
Type=oneshot
ExecStart=${command}
TimeoutStartSec=60
UMask=0077

# It needs its journal, its drop-ins and the kernel's parameters, and nothing else.
ProtectSystem=strict
ReadWritePaths=${stateDir} -/etc/sysctl.d -/etc/tmpfiles.d -/etc/udev/rules.d
CapabilityBoundingSet=CAP_SYS_ADMIN CAP_NET_ADMIN CAP_SYS_RESOURCE CAP_SYS_PTRACE
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectHome=read-only
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=net
RestrictAddressFamilies=AF_UNIX
SystemCallArchitectures=native
SystemCallFilter=@system-service setns
SystemCallErrorNumber=EPERM

[Install]
WantedBy=sysinit.target
`
  return { name, path: `/etc/systemd/system/${name}`, text }
}

/** A word of a command line, as systemd.service(5) reads it: `%` and `$` stand for themselves when doubled. */
function quoted(word: string): string {
  return `'${word.replace(/[\\']/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}'`
}
