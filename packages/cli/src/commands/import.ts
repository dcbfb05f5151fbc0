import { readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { configJson, configModule, type Files, findProfile, type Imported, importSysctlD, importTuned, machineOf, oneLine, PROFILE_FOLDERS, renderWanted, sysctlFiles } from '@semantos/formats'
import { writeFileAtomic } from '@semantos/host'
import { messageOf, SemantosError } from '@semantos/core'
import type { Kernel } from '@semantos/core/kernel'
import { type ConfigOptions, withConfigOptions } from '../options.js'
import { print, tell } from '../print.js'
import { withSession } from '../session.js'
import { colours, table } from '../terminal.js'

interface ImportOptions extends ConfigOptions {
  readonly as?: 'tuned' | 'sysctl.d'
  readonly out?: string
  readonly json?: boolean
}

/**
 * What is to be read: a profile and the folders its includes are looked for in, or sysctl.d files in their order. `own` is the
 * folder that was named; what lies outside it is the host's, below --root.
 */
type Origin = { readonly title: string; readonly own: string | null } & ({ readonly profile: string; readonly folders: readonly string[] } | { readonly sysctls: readonly string[] })

export function defineImport(program: Command, exit: (status: number) => void): void {
  withConfigOptions(program.command('import [path]', { hidden: true }))
    .summary("a tuned profile's or sysctl.d's values as knobs")
    .description('values of a tuned profile (a file, or its name) or of sysctl.d files, as knobs; nothing is changed')
    .addOption(new Option('--as <format>', "what it is; without a path, the host's own: its active profile, or all its sysctl.d folders").choices(['tuned', 'sysctl.d']))
    .option('--out <file>', 'write a config that recommends these values, as .ts or .json')
    .option('--json', 'print one JSON document')
    .action(async (path: string | undefined, options: ImportOptions) => {
      const write = options.out === undefined ? null : configWriter(options.out)
      const { imported, title } = await withSession(options, ({ engine: { kernel } }) => Promise.resolve(read(path, options, kernel)))
      print(options.json ? `${JSON.stringify(imported)}\n` : render(imported))
      tell(renderUnmapped(imported))
      if (write && imported.settings.length > 0) {
        write(imported, title)
        tell(`wrote ${options.out ?? ''}\nnext: semantos plan --config ${options.out ?? ''}\n`)
      }
      exit(imported.settings.length > 0 ? 0 : 1)
    })
}

function read(path: string | undefined, options: ImportOptions, { catalogue, host }: Kernel): { imported: Imported; title: string } {
  const root = resolve(options.root)
  const onHost: Files = { read: (file) => readText(join(root, file)), list: (folder) => namesIn(join(root, folder)) }
  const origin = path === undefined ? ofHost(options.as, onHost) : named(path, options.as, onHost)
  const isOwn = (file: string) => origin.own !== null && file.startsWith(`${origin.own}/`)
  const files: Files = { read: (file) => (isOwn(file) ? readText(file) : onHost.read(file)), list: (folder) => onHost.list(folder) }
  const imported = 'profile' in origin ? importTuned(origin.profile, files, origin.folders, catalogue, machineOf(host)) : importSysctlD(origin.sysctls, files, catalogue)
  return { imported, title: origin.title }
}

function ofHost(as: ImportOptions['as'], files: Files): Origin {
  if (as === 'sysctl.d') return { title: "this host's sysctl.d folders", own: null, sysctls: sysctlFiles(files) }
  if (as === undefined) throw new SemantosError('SEMANTOS_E_USAGE', { message: 'nothing to import', next: "Name a profile or a file, or ask for the host's own with --as tuned or --as sysctl.d." })
  const active = files.read('/etc/tuned/active_profile')?.trim() ?? ''
  if (/^\S+$/.test(active)) return profileNamed(active, files)
  throw new SemantosError('SEMANTOS_E_USAGE', { message: active === '' ? 'tuned has no active profile here' : `tuned has several active profiles here: ${active}`, place: '/etc/tuned/active_profile', next: 'Name one: semantos import NAME.' })
}

function profileNamed(name: string, files: Files): Origin {
  const profile = findProfile(name, files, PROFILE_FOLDERS)
  if (profile !== null) return { title: `tuned profile ${name}`, own: null, profile, folders: PROFILE_FOLDERS }
  throw new SemantosError('SEMANTOS_E_USAGE', { message: `there is no file and no tuned profile called '${name}'`, next: `Name a file, or a profile in ${PROFILE_FOLDERS.join(', ')}.` })
}

/** A path that is there, or the name of a profile of the host's. */
function named(path: string, as: ImportOptions['as'], onHost: Files): Origin {
  const own = resolve(path)
  const kind = kindOf(own)
  if (kind === null) return profileNamed(path, onHost)
  const profile = kind === 'folder' ? join(own, 'tuned.conf') : own
  if (as === 'tuned' || (as === undefined && basename(profile) === 'tuned.conf' && kindOf(profile) === 'file')) {
    const neighbours = dirname(dirname(profile))
    return { title: `tuned profile ${basename(dirname(profile))}`, own: neighbours, profile, folders: [neighbours, ...PROFILE_FOLDERS] }
  }
  if (kind === 'folder') return { title: `sysctl.d files of ${path}`, own, sysctls: sysctlFiles({ read: readText, list: namesIn }, [own]) }
  return { title: `sysctl.d file ${path}`, own: dirname(own), sysctls: [own] }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (kindOf(path) !== 'file') return null
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `cannot read it: ${messageOf(error)}`, place: path, cause: error, next: 'Make it readable, or run as a user who may read it.' })
  }
}

function namesIn(folder: string): string[] {
  return kindOf(folder) === 'folder' ? readdirSync(folder) : []
}

function kindOf(path: string): 'file' | 'folder' | null {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? (found.isDirectory() ? 'folder' : 'file') : null
}

/** Checks the ending before anything is read. */
function configWriter(out: string): (imported: Imported, title: string) => void {
  if (!/\.(?:ts|mts|json)$/.test(out)) throw new SemantosError('SEMANTOS_E_USAGE', { message: `a config is .ts or .json, not ${basename(out)}`, place: '--out' })
  const text = out.endsWith('.json') ? configJson : configModule
  return (imported, title) => writeFileAtomic(resolve(out), text(imported, { title }))
}

function render({ settings }: Imported): string {
  if (settings.length === 0) return ''
  const { dim } = colours(process.stdout)
  const rows = settings.map((setting) => [setting.knob, renderWanted(setting), dim(`${setting.source.file}:${setting.source.line}`)])
  return `${table([['knob', 'value', dim('from')], ...rows])}\n`
}

function renderUnmapped({ unmapped }: Imported): string {
  if (unmapped.length === 0) return ''
  return `not taken over:\n${unmapped.map((left) => `  ${oneLine(unmappedInWords(left))}\n`).join('')}`
}

function unmappedInWords({ key, value, reason, source }: Imported['unmapped'][number]): string {
  return `${source.file}:${source.line}: ${key}${value === '' ? '' : ` = ${value}`}: ${reason}`
}
