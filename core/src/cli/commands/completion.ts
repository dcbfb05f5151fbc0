import { Argument, type Command } from 'commander'

const SHELLS = ['bash', 'zsh', 'fish'] as const

export function defineCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a completion script: source <(semantos completion bash)')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: string) => {
      process.stdout.write(shell === 'fish' ? fish(program) : bash(program, shell === 'zsh'))
    })
}

interface Described {
  readonly name: string
  readonly description: string
  readonly flags: readonly { readonly long: string; readonly description: string }[]
}

function commandsOf(program: Command): Described[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: command.options.flatMap(({ long, description }) => (long ? [{ long, description }] : [])),
  }))
}

/** One function for both: zsh runs bash completions through bashcompinit. */
function bash(program: Command, zsh: boolean): string {
  const commands = commandsOf(program)
  const cases = commands.map(({ name, flags }) => `    ${name}) words="${flags.map(({ long }) => long).join(' ')}" ;;`)
  const run = commands.find(({ name }) => name === 'run')?.flags.map(({ long }) => long) ?? []
  return `${zsh ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_semantos() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="${[...commands.map(({ name }) => name), ...run, '--help', '--version'].join(' ')}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _semantos semantos
`
}

function fish(program: Command): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`
  const lines = commandsOf(program).flatMap(({ name, description, flags }) => [
    `complete -c semantos -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
    ...flags.map((flag) => `complete -c semantos -n '__fish_seen_subcommand_from ${name}' -l ${flag.long.slice(2)} -d ${quoted(flag.description)}`),
  ])
  return `${lines.join('\n')}\n`
}
