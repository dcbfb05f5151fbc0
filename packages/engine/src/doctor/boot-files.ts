import { type Files, filesInOrder, KnobPaths, knobPattern } from '@semantos/formats'
import { INTERFACES } from '@semantos/host'
import { type Catalogue, Interface } from '@semantos/core'

/** Somebody else who sets kernel parameters on this host, and which of our knobs. */
export interface Owner {
  readonly name: string
  readonly where: string
  /** Empty where the owner does not say which. */
  readonly knobs: readonly string[]
}

const UDEV_FOLDERS = ['/etc/udev/rules.d', '/run/udev/rules.d', '/usr/local/lib/udev/rules.d', '/usr/lib/udev/rules.d', '/lib/udev/rules.d']
const TMPFILES_FOLDERS = ['/etc/tmpfiles.d', '/run/tmpfiles.d', '/usr/local/lib/tmpfiles.d', '/usr/lib/tmpfiles.d']
/** What the administrator wrote, and what this machine was given when it was made. */
const CLOUD_FILES = ['/etc/cloud/cloud.cfg', '/var/lib/cloud/instance/user-data.txt', '/var/lib/cloud/instance/vendor-data.txt']

/** What sets our knobs when the machine or a device comes up, beside sysctl.d: only files that set one. */
export function bootOwners(files: Files, catalogue: Catalogue): Owner[] {
  const knobs = new KnobPaths(catalogue)
  const owners = (name: string, paths: readonly string[], named: (line: string) => readonly string[]) =>
    paths
      .map((where) => ({ name, where, knobs: [...new Set(linesOf(files.read(where) ?? '').flatMap(named))] }))
      .filter((owner) => owner.knobs.length > 0)
  const cloud = [...CLOUD_FILES, ...files.list('/etc/cloud/cloud.cfg.d').filter((name) => name.endsWith('.cfg')).map((name) => `/etc/cloud/cloud.cfg.d/${name}`)]
  return [
    ...owners('udev', filesInOrder(files, UDEV_FOLDERS, '.rules'), (line) => inRule(knobs, line)),
    ...owners('tmpfiles.d', filesInOrder(files, TMPFILES_FOLDERS, '.conf'), (line) => inTmpfilesLine(knobs, line)),
    ...owners('cloud-init', cloud, (line) => inCommands(knobs, line)),
  ]
}

/** Lines without comments; one that ends in a backslash goes on in the next. */
function linesOf(text: string): string[] {
  return text.replace(/\\\r?\n/g, ' ').split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line))
}

/**
 * udev(7): `ATTR{…}="…"` sets an attribute of whatever device matches, `SYSCTL{…}="…"` a kernel parameter, and a command or a path may
 * name the device as `%k`; `==` only compares. A knob is named with the pattern that `KERNEL==` gives for its devices, in udev's own words.
 */
function inRule(knobs: KnobPaths, line: string): string[] {
  const [, subsystem] = /\bSUBSYSTEM\s*==\s*"([^"]*)"/.exec(line) ?? []
  const [, kernel] = /\bKERNEL\s*==\s*"([^"]*)"/.exec(line) ?? []
  const device = kernel === undefined ? '*' : MATCHED
  const rule = line.replace(/%k|\$(?:kernel|name)\b/g, device)
  const set = [...rule.matchAll(/\b(ATTR|SYSCTL)\{([^}]+)\}\s*=\s*"/g)].flatMap(([, key, path = '']) =>
    key === 'SYSCTL'
      ? at(knobs, 'sysctl', path.includes('/') ? path : path.replaceAll('.', '/'))
      : DEVICE_FOLDERS.filter(([name]) => (subsystem ?? name) === name).flatMap(([, folder]) => at(knobs, 'sysfs', `${folder}/${device}/${path}`)),
  )
  return [...set, ...inCommands(knobs, rule)].map((knob) => knob.replace(MATCHED, kernel ?? '*'))
}

/** Stands for the device that a rule matches: a name that a path can hold, and no device has. */
const MATCHED = ':kernel:'

/** Where the devices of a subsystem stand under /sys. */
const DEVICE_FOLDERS = [['block', 'block'], ['net', 'class/net'], ['cpu', 'devices/system/cpu']] as const

/** tmpfiles.d(5): type, path, four more fields, and what `w` and its kin write. */
function inTmpfilesLine(knobs: KnobPaths, line: string): string[] {
  const [type = '', path = ''] = line.trim().split(/\s+/)
  return /^[wfF]/.test(type) ? atFile(knobs, path.replace(/^"|"$/g, '')) : []
}

/** Commands and files within another file: what is written to a kernel file by its path, or set by its name as sysctl(8) does. */
function inCommands(knobs: KnobPaths, line: string): string[] {
  return [
    ...[...line.matchAll(/\/(?:proc\/sys|sys)\/[\w./:*-]+/g)].flatMap(([path]) => atFile(knobs, path)),
    ...[...line.matchAll(/(?<![\w./])([a-z]\w*(?:[./][\w-]+)+)\s*=(?!=)/g)].flatMap(([, key = '']) => at(knobs, 'sysctl', key.replaceAll('.', '/'))),
  ]
}

/** The knobs of an absolute path: of the interface whose folder it is in, the deepest first. */
function atFile(knobs: KnobPaths, path: string): string[] {
  const [kind] = Interface.options.filter((one) => path.startsWith(`${INTERFACES[one].folder}/`)).sort((a, b) => INTERFACES[b].folder.length - INTERFACES[a].folder.length)
  return kind === undefined ? [] : at(knobs, kind, path.slice(INTERFACES[kind].folder.length + 1))
}

function at(knobs: KnobPaths, kind: Interface, path: string): string[] {
  return knobs.find(kind, path).map(knobPattern)
}
