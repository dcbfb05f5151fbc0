import { Argument, type Command } from 'commander'
import { type Offer, type Offered, offeredBy } from '../completion-spec.js'
import { print } from '../print.js'

const SHELLS = ['bash', 'zsh', 'fish'] as const

export function defineCompletion(program: Command): void {
  program
    .command('completion', { hidden: true })
    .description('print a completion script: source <(semantos completion bash)')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: string) => {
      const commands = offeredBy(program)
      print(shell === 'fish' ? fish(commands) : bash(commands, shell === 'zsh'))
    })
}

const ALWAYS = ['--help', '--version']

/** One function for both: zsh runs bash completions through bashcompinit. The catalogue is asked when a knob is wanted. */
function bash(commands: readonly Offered[], zsh: boolean): string {
  const words = (offer: Offer) => (offer === 'files' ? 'return' : offer === 'knobs' ? 'words=$(_semantos_knobs)' : `words="${offer.join(' ')}"`)
  const flags = (command: Offered) => command.flags.map(({ long }) => long).join(' ')
  const values = new Map<string, string[]>()
  for (const { name, flags } of commands) for (const { long, value } of flags) if (value !== null) values.set(words(value), [...(values.get(words(value)) ?? []), `'${name} ${long}'`])
  return `${zsh ? 'autoload -U +X bashcompinit && bashcompinit\n' : ''}_semantos_knobs() { semantos explain 2>/dev/null | cut -d ' ' -f 1; }
_semantos() {
  local words current="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  case "$command" in -*) command=run ;; esac
  case "$command \${COMP_WORDS[COMP_CWORD-1]}" in
${[...values].map(([action, after]) => `    ${after.join('|')}) ${action} ;;`).join('\n')}
    *) case "$COMP_CWORD $current" in
      '1 -'*) words="${commands.filter(({ name }) => name === 'run').map(flags).join('')} ${ALWAYS.join(' ')}" ;;
      '1 '*) words="${commands.map(({ name }) => name).join(' ')}" ;;
      *' -'*) case "$command" in
${commands.map((command) => `        ${command.name}) words="${flags(command)}" ;;`).join('\n')}
      esac ;;
      *) case "$command" in
${commands.map((command) => `        ${command.name}) ${words(command.argument ?? command.flags.map(({ long }) => long))} ;;`).join('\n')}
      esac ;;
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _semantos semantos
`
}

function fish(commands: readonly Offered[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const words = (offer: readonly string[] | 'knobs') => quoted(offer === 'knobs' ? '(__semantos_knobs)' : offer.join(' '))
  const lines = commands.flatMap(({ name, description, argument, flags }) => {
    const within = quoted(`${name === 'run' ? '__fish_use_subcommand; or ' : ''}__fish_seen_subcommand_from ${name}`)
    return [
      `complete -c semantos -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
      ...(argument === 'files' ? [] : [`complete -c semantos -n ${within} -f${argument === null ? '' : ` -a ${words(argument)}`}`]),
      ...flags.map(({ long, value, description: meaning }) => {
        const takes = value === null ? '' : value === 'files' ? ' -r' : ` -x -a ${words(value)}`
        return `complete -c semantos -n ${within} -l ${long.slice(2)}${takes} -d ${quoted(meaning)}`
      }),
    ]
  })
  return `function __semantos_knobs\n  semantos explain 2>/dev/null | string replace -r '  +' \\t\nend\n${lines.join('\n')}\n`
}
