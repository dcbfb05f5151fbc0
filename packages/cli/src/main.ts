import { Command, CommanderError } from 'commander'
import { semantosVersion } from '@semantos/engine'
import { SemantosError } from '@semantos/core'
import { commandsFor } from './commands/all-commands.js'
import { moreHelp } from './help.js'
import { RanElsewhere } from './netns.js'
import { refuseWords } from './unknown-command.js'
import { reportError } from './report-error.js'

/** Runs one command and returns the exit status: results on stdout, the rest on stderr. */
export async function main(argv: readonly string[]): Promise<number> {
  let status = 0
  const program = new Command('semantos')
    .description('Tunes a running Linux kernel as a careful expert would, and proves it helped.')
    .version(semantosVersion())
    // Wrong usage is told below, as every other failure.
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ subcommandTerm: (command) => command.name() })
    // A command of ours, which knows more than Commander's.
    .helpCommand(false)
    .addHelpText('afterAll', ({ command }) => moreHelp(command))
    .exitOverride()
    .hook('preAction', (_program, { args, registeredArguments }) => (registeredArguments.length === 0 ? refuseWords(args) : undefined))
  for (const define of commandsFor(argv)) define(program, (code) => void (status = code))
  try {
    await program.parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    if (error instanceof RanElsewhere) return error.status
    return reportError(error instanceof CommanderError ? wrongUsage(error, nameOf(argv, program)) : error, { json: argv.includes('--json'), trace: argv.includes('--trace') })
  }
}

/** `error: unknown option '--sead'`, and in brackets below what was meant, as Commander says it. */
function wrongUsage({ message }: CommanderError, command: string): SemantosError {
  const [what = '', near] = message.replace(/^error: /, '').split('\n')
  const [, flag = `semantos ${command}`.trim()] = /option '(--?[\w-]+)/.exec(what) ?? []
  return new SemantosError('SEMANTOS_E_USAGE', { message: what.replace(/\.$/, ''), place: flag, next: near === undefined ? `See semantos ${command}--help.` : near.replace(/[()]/g, '') })
}

function nameOf([first]: readonly string[], { commands }: Command): string {
  return commands.some((command) => command.name() === first) ? `${first} ` : ''
}
