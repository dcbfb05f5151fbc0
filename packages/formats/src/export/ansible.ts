import { comment } from '../text.js'
import { type Export, type Exported, type Item, inWords } from './items.js'
import { tmpfilesLine, udevRule } from './persist.js'
import { isSysctl, sysctlName } from './sysctl-d.js'
import { block, indent, yaml } from './yaml.js'

const SYSCTL_FILE = '/etc/sysctl.d/90-semantos-playbook.conf'
const TMPFILES_FILE = '/etc/tmpfiles.d/semantos-playbook.conf'
const UDEV_FILE = '/etc/udev/rules.d/90-semantos-playbook.rules'

/**
 * A playbook: sysctls through sysctl.d, devices through udev rules and everything else through tmpfiles.d, each applied at
 * once when its file changes. Built-in modules only: ansible.posix.sysctl is a collection that ansible-core does not bring.
 */
export function exportAnsible({ items, origin }: Export): Exported {
  const sayable = items.filter((item) => unsayable(item) === null)
  const sysctls = sayable.filter(isSysctl)
  const others = sayable.filter((item) => !isSysctl(item))
  const rules = others.flatMap((item) => udevRule(item) ?? [])
  const lines = others.filter((item) => udevRule(item) === null).map(tmpfilesLine)
  const tasks = [
    ...(sysctls.length > 0 ? [whys(sysctls) + yaml(sysctlTasks(sysctls.map(({ path, text }) => `${sysctlName(path)} = ${text}`)))] : []),
    ...(lines.length > 0 ? [whys(others.filter((item) => udevRule(item) === null)) + yaml(tmpfilesTasks(lines))] : []),
    ...(rules.length > 0 ? [whys(others.filter((item) => udevRule(item) !== null)) + yaml(udevTasks(rules))] : []),
  ]
  const play = yaml([{ name: 'Kernel parameters exported by SemantOS', hosts: 'all', become: true, gather_facts: false }])
  return {
    text: `---\n${comment(`Kernel parameters of ${origin}.`)}\n${play}  tasks:${tasks.length === 0 ? ' []' : ''}\n${tasks.map((task) => indent(task, 4)).join('\n')}`,
    left: items.flatMap((item) => {
      const reason = unsayable(item)
      return reason === null ? [] : [{ knob: item.ref, value: item.text, reason }]
    }),
  }
}

function sysctlTasks(lines: readonly string[]) {
  return [
    { name: 'Keep sysctls over a boot', 'ansible.builtin.copy': rootFile(SYSCTL_FILE, lines), register: 'semantos_sysctl' },
    onChange('Write sysctls', 'semantos_sysctl', ['sysctl', `--load=${SYSCTL_FILE}`]),
  ]
}

function tmpfilesTasks(lines: readonly string[]) {
  return [
    { name: 'Keep settings of sysfs and debugfs over a boot', 'ansible.builtin.copy': rootFile(TMPFILES_FILE, lines), register: 'semantos_tmpfiles' },
    onChange('Write settings of sysfs and debugfs', 'semantos_tmpfiles', ['systemd-tmpfiles', '--create', TMPFILES_FILE]),
  ]
}

function udevTasks(rules: readonly { readonly rule: string; readonly subsystem: string }[]) {
  const subsystems = [...new Set(rules.map(({ subsystem }) => `--subsystem-match=${subsystem}`))]
  return [
    { name: 'Keep settings of devices over a boot', 'ansible.builtin.copy': rootFile(UDEV_FILE, rules.map(({ rule }) => rule)), register: 'semantos_udev' },
    onChange('Read the rules for devices', 'semantos_udev', ['udevadm', 'control', '--reload']),
    onChange('Write settings of devices', 'semantos_udev', ['udevadm', 'trigger', '--settle', '--action=change', ...subsystems]),
  ]
}

function rootFile(dest: string, lines: readonly string[]) {
  return { dest, content: block(`${lines.join('\n')}\n`), owner: 'root', group: 'root', mode: '0644' }
}

function onChange(name: string, registered: string, argv: readonly string[]) {
  return { name, 'ansible.builtin.command': { argv }, when: `${registered} is changed`, changed_when: true }
}

function whys(items: readonly Item[]): string {
  return items.map((item) => `${comment(`${inWords(item)}: ${item.why}`)}\n`).join('')
}

/** Ansible would run what stands in braces; udev has no way to write a quotation mark. */
function unsayable(item: Item): string | null {
  if (/\{[{%#]/.test(item.text)) return 'Ansible would take the value for a template'
  return !isSysctl(item) && udevRule(item) !== null && /["\\]/.test(item.text) ? 'a udev rule cannot say the value' : null
}
