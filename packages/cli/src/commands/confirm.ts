import { resolve } from 'node:path'
import type { Command } from 'commander'
import { confirm, renew } from '@semantos/host'
import { duration, withJournalOptions } from '../options.js'
import { print } from '../print.js'

interface ConfirmOptions {
  readonly root: string
  readonly stateDir: string
  readonly run?: string
  readonly renew?: number
  readonly json?: boolean
}

export function defineConfirm(program: Command): void {
  withJournalOptions(program.command('confirm'))
    .summary('keep what was applied with --confirm-within')
    .description('keep the values of a run that was applied with --confirm-within')
    .option('--run <id>', 'which run (default: the newest that waits)')
    .option('--renew <time>', 'do not confirm yet: give it this long from now, such as 10m', duration)
    .option('--json', 'print one JSON document')
    .action(async ({ root, stateDir, run, renew: ms, json }: ConfirmOptions) => {
      const place = { root: resolve(root), stateDir: resolve(stateDir), ...(run === undefined ? {} : { run }) }
      const name = ms === undefined ? await confirm(place) : await renew({ ...place, ms })
      const [document, words] = ms === undefined ? [{ run: name, confirmed: true }, 'is confirmed: its values stay'] : [{ run: name, confirmed: false, waits_s: ms / 1000 }, `waits ${ms / 1000} s more`]
      print(json ? `${JSON.stringify(document)}\n` : `run ${name} ${words}\n`)
    })
}
