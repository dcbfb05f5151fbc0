import type { Argument, Command, Option } from 'commander'

/** What a shell may offer in one place: these words, the catalogue's knobs, or names of files. */
export type Offer = readonly string[] | 'knobs' | 'files'

/** What a shell may offer behind a command. */
export interface Offered {
  readonly name: string
  readonly description: string
  /** Null where the command takes no argument. */
  readonly argument: Offer | null
  /** `value` is null for a flag that takes none. */
  readonly flags: readonly { readonly long: string; readonly description: string; readonly value: Offer | null }[]
}

export function offeredBy(program: Command): Offered[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    argument: command.commands.length > 0 ? command.commands.map((one) => one.name()) : argumentOf(command.registeredArguments),
    flags: command.options.flatMap((option) => (option.long ? [{ long: option.long, description: option.description, value: valueOf(option) }] : [])),
  }))
}

function argumentOf([first]: readonly Argument[]): Offer | null {
  if (first === undefined) return null
  return first.argChoices ?? (first.name().startsWith('knob') ? 'knobs' : 'files')
}

function valueOf({ long, required, optional, argChoices }: Option): Offer | null {
  if (!required && !optional) return null
  return argChoices ?? (long === '--knob' || long === '--knobs' ? 'knobs' : 'files')
}
