import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { EXPORTERS, readExport } from '@semantos/formats'
import { writeFileAtomic } from '@semantos/host'
import { messageOf, SemantosError } from '@semantos/core'
import { type ConfigOptions, withConfigOptions } from '../options.js'
import { print, tell } from '../print.js'
import { withSession } from '../session.js'
import { sinceThen } from '../since-then.js'

interface ExportOptions extends ConfigOptions {
  readonly as: keyof typeof EXPORTERS
  readonly out?: string
}

export function defineExport(program: Command): void {
  withConfigOptions(program.command('export <file>', { hidden: true }))
    .summary('a plan or run for another tool')
    .description('the changes of a plan, or what a run applied, for another tool: a file of semantos plan --out or of report-json')
    .addOption(new Option('--as <format>', 'what to write').choices(Object.keys(EXPORTERS)).makeOptionMandatory())
    .option('--out <file>', 'write it there instead of to stdout')
    .action(async (file: string, options: ExportOptions) => {
      const text = readText(file)
      const data = await withSession(options, ({ engine: { kernel } }) => Promise.resolve(readExport(text, file, kernel.catalogue)))
      if (data.items.length === 0) throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: 'there is nothing to export: it changes no value', place: file, next: 'Name a plan or a run with changes.' })
      const exported = EXPORTERS[options.as](data)
      if (options.out === undefined) print(exported.text)
      else writeFileAtomic(resolve(options.out), exported.text, { mode: options.as === 'shell' ? 0o755 : 0o644 })
      for (const { knob, value, reason } of exported.left) tell(`left out: ${knob} = ${value}: ${reason}\n`)
      const since = data.run === null ? null : sinceThen(data.run, options)
      if (since !== null) tell(`run ${data.run}: ${since}\n`)
      if (options.out !== undefined) tell(`wrote ${options.out}\n`)
    })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `cannot read it: ${messageOf(error)}`, place: file, cause: error, next: 'Name a file that semantos plan --out or report-json wrote.' })
  }
}
