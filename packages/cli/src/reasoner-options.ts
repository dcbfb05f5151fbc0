import type { Command } from 'commander'
import { rare } from './options.js'

export function withReasonerOptions(command: Command): Command {
  return command
    .addOption(rare('--show-prompt', 'print what a language model would be asked, and ask none'))
    .addOption(rare('--replay <folder>', 'take the answers of a language model from a folder of recordings, and ask no server'))
}
