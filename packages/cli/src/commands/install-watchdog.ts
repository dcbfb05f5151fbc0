import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { bootUnit, writeFileAtomic } from '@semantos/host'
import { stateOption } from '../options.js'
import { print } from '../print.js'

interface InstallOptions {
  readonly root: string
  readonly stateDir: string
  readonly print?: boolean
  readonly remove?: boolean
}

export function defineInstallGuard(program: Command): void {
  program
    .command('install-guard', { hidden: true })
    .summary('a systemd unit that takes back at boot')
    .description('a systemd unit that takes back at boot what nobody confirmed')
    .option('--print', 'print the unit and write nothing')
    .option('--remove', 'remove it')
    .option('--root <folder>', 'folder that stands for /', '/')
    .addOption(stateOption())
    .action(({ root, stateDir, print: only, remove }: InstallOptions) => {
      const unit = bootUnit({ stateDir: resolve(stateDir) })
      const file = join(resolve(root), unit.path)
      if (only) return void print(unit.text)
      if (remove) {
        systemctl(root, 'disable', unit.name)
        rmSync(file, { force: true })
      } else {
        writeFileAtomic(file, unit.text, { mode: 0o644 })
        systemctl(root, 'enable', unit.name)
      }
      print(`${remove ? 'removed' : 'wrote'} ${file}\n`)
    })
}

/** Only where systemd runs; in a folder, or in a container without it, the file alone is written. */
function systemctl(root: string, verb: 'enable' | 'disable', name: string): void {
  if (resolve(root) !== '/' || !existsSync('/run/systemd/system')) return
  execFileSync('systemctl', ['daemon-reload'])
  execFileSync('systemctl', ['--quiet', verb, name])
}
