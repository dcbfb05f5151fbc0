import { relative, resolve } from 'node:path'
import { isSemantosError, SemantosError } from '@semantos/core'
import { Command, CommanderError } from 'commander'
import { createPlugin } from '../create.js'
import type { NewPlugin } from '../files.js'
import { folderFor, whyNoName } from '../name.js'
import { STAGES, STAGE_NAMES, isStage } from '../stages.js'
import { ask } from './ask.js'

interface Flags {
  readonly stage?: string
  readonly name?: string
  readonly folder?: string
}

/** Asks or takes flags, leaves a folder, and says what to do next. Returns the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('create-semantos-plugin')
    .usage('[options]')
    .description('Leaves a folder with a SemantOS plugin that builds and whose tests pass. On a terminal it asks for what is not given.')
    .option('--stage <stage>', `what it does: ${STAGE_NAMES.join(', ')}`)
    .option('--name <name>', 'the name of its package, such as @acme/semantos-telemetry-x')
    .option('--folder <dir>', 'where to; empty, or not there yet (default: the name without its scope)')
    .addHelpText('after', `\nStages:\n${stageLines()}\n\nExample:\n  npm create semantos-plugin -- --stage reasoning --name @acme/semantos-reasoning-x`)
    .allowExcessArguments(false)
    .showHelpAfterError('(--help shows every option)')
    .exitOverride()
    .action(async (flags: Flags) => {
      const plugin = await wanted(flags)
      const folder = resolve(flags.folder ?? folderFor(plugin.name))
      createPlugin(plugin, folder)
      process.stdout.write(whatNext(plugin, relative(process.cwd(), folder) || '.'))
    })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!isSemantosError(error)) throw error
    if (error.code === 'SEMANTOS_E_ABORTED') return 130
    process.stderr.write(`create-semantos-plugin: ${error.message} [${error.code}]\n${error.place === null ? '' : `  at:   ${error.place}\n`}  next: ${error.next}\n`)
    return error.exit
  }
}

async function wanted({ stage, name }: Flags): Promise<NewPlugin> {
  if (stage !== undefined && !isStage(stage)) {
    throw new SemantosError('SEMANTOS_E_USAGE', { message: `there is no stage called '${stage}'`, place: '--stage', next: `Use one of ${STAGE_NAMES.join(', ')}.` })
  }
  const wrong = name === undefined ? null : whyNoName(name)
  if (wrong !== null) throw new SemantosError('SEMANTOS_E_USAGE', { message: wrong, place: '--name', next: 'Choose another name.' })
  if (stage !== undefined && name !== undefined) return { stage, name }
  if (process.stdin.isTTY && process.stdout.isTTY) return ask({ ...(stage && { stage }), ...(name !== undefined && { name }) })
  const missing = [stage === undefined ? '--stage' : [], name === undefined ? '--name' : []].flat().join(' and ')
  throw new SemantosError('SEMANTOS_E_USAGE', { message: `${missing} must be given where nobody can be asked: this is no terminal`, next: 'See --help for the stages and an example.' })
}

function stageLines(): string {
  const width = Math.max(...STAGE_NAMES.map((stage) => stage.length))
  return Object.entries(STAGES).map(([stage, { does }]) => `  ${stage.padEnd(width)}  ${does}`).join('\n')
}

function whatNext({ stage, name }: NewPlugin, folder: string): string {
  return `${name}, a plugin of stage ${stage}, is in ${folder}. Next:\n\n${folder === '.' ? '' : `  cd ${folder}\n`}  npm install\n  npm test\n`
}
