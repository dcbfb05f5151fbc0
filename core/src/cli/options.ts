import { type Command, InvalidArgumentError, Option } from 'commander'
import { STATE_DIR } from '../host/index.js'
import { SemantosError } from '../kernel/errors.js'

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

export function withConfigOptions(command: Command): Command {
  return command
    .option('--config <file>', 'config file (default: semantos.config.* from here upwards)')
    .option('--root <folder>', 'folder that stands for / when kernel files are read or written', '/')
    .option('--applier <names>', 'use only these appliers of the config, such as sandbox or sysctl')
    .option('--sandbox <file>', 'the sandbox file')
    .option('--kb <folder>', 'the folder of the knowledge base')
    .option('--netns <name|pid>', 'read and write namespaced knobs inside this network namespace')
    .addOption(stateOption())
    .option('--trace', 'print the tree of stages, taps, times and changes to stderr')
    .option('--trace-json <file>', 'write the trace as Chrome trace events')
}

/** Options of every command to which the journals are enough. */
export function withJournalOptions(command: Command): Command {
  return command
    .option('--root <folder>', 'folder that stands for /', '/')
    .addOption(stateOption())
    .option('--config <file>', 'taken, and not read: the journals are enough')
}

/** Where the journals are. */
export function stateOption(): Option {
  return new Option('--state-dir <folder>', 'where journals are kept').default(STATE_DIR)
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
