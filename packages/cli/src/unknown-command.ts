import { Command } from 'commander'
import { SemantosError } from '@semantos/core'
import { similarTo } from '@semantos/core/kernel'
import { OTHERS } from './commands/all-commands.js'

/** The default command takes no words: one is a mistyped command, or a command behind options. */
export function refuseWords([word]: readonly string[]): void {
  if (word === undefined) return
  const program = new Command()
  for (const define of OTHERS) define(program, () => undefined)
  const commands = ['run', ...program.commands.map((command) => command.name())]
  if (commands.includes(word)) {
    throw new SemantosError('SEMANTOS_E_USAGE', { message: `the command '${word}' must be the first word`, place: word, next: `Write semantos ${word}, and options behind it.` })
  }
  const [near] = similarTo(word, commands, 1)
  throw new SemantosError('SEMANTOS_E_USAGE', { message: `there is no command called '${word}'`, place: `semantos ${word}`, ...(near === undefined ? {} : { next: `Did you mean semantos ${near}?` }) })
}
