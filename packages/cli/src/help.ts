import { type Command, Help, type Option } from 'commander'
import { folded } from './terminal.js'

/** The last lines of --help, which fits a screen: what it leaves out, and where that stands. */
export function moreHelp(command: Command): string {
  if (command.parent === null) return `\n${folded(`More commands: ${hiddenCommands(command).join(', ')}. All options: semantos help all`, 80, 0)}`
  const left = command.options.filter(({ hidden }) => hidden).length
  return left === 0 ? '' : `\n${left} more option${left === 1 ? '' : 's'}: semantos help all ${firstWord(command)}`
}

/** `history`, also of `history show`. */
function firstWord(command: Command): string {
  return command.parent?.parent ? firstWord(command.parent) : command.name()
}

function hiddenCommands(program: Command): string[] {
  const shown = program.createHelp().visibleCommands(program)
  return program.commands.filter((command) => !shown.includes(command)).map((command) => command.name())
}

/** The help of a command with all its options and commands, and of those commands too. */
export function wholeHelp(command: Command): string {
  const help = Object.assign(new WholeHelp(), command.configureHelp())
  help.prepareContext({ helpWidth: 80 })
  return [help.formatHelp(command, help), ...command.commands.map(wholeHelp)].join('\n')
}

class WholeHelp extends Help {
  override visibleOptions(command: Command): Option[] {
    return [...command.options]
  }

  override visibleCommands(command: Command): Command[] {
    return [...command.commands]
  }
}
