import { Argument, type Command } from 'commander'
import { wholeHelp } from '../help.js'
import { print } from '../print.js'

export function defineHelp(program: Command): void {
  const names = program.commands.map((command) => command.name())
  program
    .command('help', { hidden: true })
    .summary('help on a command, or on all of it')
    .description('help on a command; semantos help all shows every command with every option, semantos help all tune those of one')
    .addArgument(new Argument('[words...]', 'all, and names of commands').choices(['all', ...names, 'help']))
    .action((words: readonly string[]) => {
      const named = program.commands.filter((command) => words.includes(command.name()))
      for (const command of named.length > 0 ? named : [program]) {
        if (words.includes('all')) print(wholeHelp(command))
        else command.outputHelp()
      }
    })
}
