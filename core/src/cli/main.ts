import { Command, CommanderError } from 'commander'
import { coreVersion } from '../cycle/core-version.js'
import { commandsFor } from './commands/index.js'
import { RanElsewhere } from './netns.js'
import { refuseWords } from './refuse-words.js'
import { reportError } from './report-error.js'

/** Runs one command and returns the exit status: results on stdout, the rest on stderr. */
export async function main(argv: readonly string[]): Promise<number> {
  let status = 0
  const program = new Command('semantos')
    .description('Tunes a running Linux kernel the way a careful expert would, and proves that it helped.')
    .version(coreVersion())
    .showHelpAfterError('(semantos --help shows every command)')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .hook('preAction', (_program, { args, registeredArguments }) => (registeredArguments.length === 0 ? refuseWords(args) : undefined))
  for (const define of commandsFor(argv)) define(program, (code) => void (status = code))
  try {
    await program.parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (error instanceof RanElsewhere) return error.status
    return reportError(error, { json: argv.includes('--json'), trace: argv.includes('--trace') })
  }
}
