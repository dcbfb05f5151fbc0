import { type Command, InvalidArgumentError, Option } from 'commander'
import { STATE_DIR } from '@semantos/host'
import { SemantosError } from '@semantos/core'

/** Options of every command that loads the config. */
export interface ConfigOptions {
  readonly config?: string
  readonly root: string
  readonly applier?: string
  readonly sandbox?: string
  readonly kb?: string
  readonly netns?: string
  readonly stateDir: string
  readonly trace?: boolean
  readonly traceJson?: string
}

/** `files`: whether --help shows where the sandbox and the knowledge are; the reproduction kit has them as flags of a run. */
export function withConfigOptions(command: Command, files: 'shown' | 'rare' = 'rare'): Command {
  return command
    .option(...CONFIG)
    .addOption(rare('--root <folder>', 'folder that stands for / when kernel files are read or written').default('/'))
    .option('--applier <names>', 'only these appliers, such as sandbox')
    .addOption(rare('--sandbox <file>', 'the sandbox file').hideHelp(files === 'rare'))
    .addOption(rare('--kb <folder>', 'the folder of the knowledge base').hideHelp(files === 'rare'))
    .addOption(rare('--netns <name|pid>', 'read and write namespaced knobs inside this network namespace'))
    .addOption(stateOption())
    .option('--trace', 'print stages, taps, times and changes to stderr')
    .addOption(rare('--trace-json <file>', 'write the trace as Chrome trace events'))
}

/** Where the config is. */
export const CONFIG = ['--config <file>', 'config file (default: nearest semantos.config.*)'] as const

/** An option that few need: --help says that there are such, `semantos help all` shows them. */
export function rare(flags: string, description: string): Option {
  return new Option(flags, description).hideHelp()
}

/** Of every command that writes to a kernel under guard. */
export function guardOption(): Option {
  return rare('--no-guard', 'start no process that restores everything if this one dies')
}

/** Options of every command to which the journals are enough. */
export function withJournalOptions(command: Command): Command {
  return command
    .addOption(rare('--root <folder>', 'folder that stands for /').default('/'))
    .addOption(stateOption())
    .addOption(rare('--config <file>', 'taken, and not read: the journals are enough'))
}

/** Where the journals are. */
export function stateOption(): Option {
  return rare('--state-dir <folder>', 'where journals are kept').default(STATE_DIR)
}

const TIME = /^(\d{1,6})(ms|s|m|h)$/

/** `200ms`, `90s`, `10m`, `2h`, as milliseconds. */
export function duration(text: string): number {
  const [, amount, unit] = TIME.exec(text) ?? []
  if (amount === undefined || unit === undefined || Number(amount) === 0) throw new InvalidArgumentError('It must be a time such as 90s, 10m or 2h.')
  return Number(amount) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : unit === 'm' ? 60_000 : 3_600_000)
}

/** Two pairs of identical trials tell the noise; less cannot be kept to. */
const FEWEST_TRIALS = 4

/** `15m` of time, or `40` trials. */
export function budget(text: string): { readonly trials: number; readonly ms: number } {
  const trials = /^(\d{1,6})( ?trials)?$/.exec(text)?.[1]
  if (trials === undefined && TIME.test(text)) return { trials: Number.POSITIVE_INFINITY, ms: duration(text) }
  if (trials !== undefined && Number(trials) >= FEWEST_TRIALS) return { trials: Number(trials), ms: Number.POSITIVE_INFINITY }
  throw new SemantosError('SEMANTOS_E_USAGE', {
    message: `'${text}' is no budget`,
    place: '--budget',
    next: `It must be a time such as 15m, or at least ${FEWEST_TRIALS} trials, such as '40 trials'.`,
  })
}

/** A number above 0. */
export function positive(text: string): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isFinite(number) && number > 0) return number
  throw new InvalidArgumentError('It must be a number above 0.')
}

/** A whole number of an option; what is not one is refused with the reason. */
export function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (/^-?\d+$/.test(text) && Number.isSafeInteger(number) && number >= min && number <= max) return number
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }
}
