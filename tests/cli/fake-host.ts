import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Ended, scratch, semantos, top, workspace } from './semantos.js'

/** A config whose plan is known. */
export const CONFIG = join(workspace('host'), 'semantos.config.mjs')
copyFileSync(join(top, 'tests', 'cli', 'fixed.config.mjs'), CONFIG)

export const FILES = {
  'proc/sys/vm/swappiness': '60\n',
  'proc/sys/net/core/somaxconn': '4096\n',
  'proc/sys/net/ipv4/tcp_rmem': '4096\t131072\t6291456\n',
  'proc/sys/kernel/osrelease': '6.18.0-test\n',
  'proc/sys/kernel/hostname': 'testhost\n',
  'proc/sys/kernel/random/boot_id': '11111111-2222-3333-4444-555555555555\n',
  'proc/pressure/cpu': 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  'proc/self/status': 'Name:\tnode\nUid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n',
  'proc/100/comm': 'tuned\n',
  'etc/sysctl.d/50-ours.conf': '# ours\nvm.swappiness = 10\nnet/core/somaxconn = 512\n',
  'usr/lib/sysctl.d/50-ours.conf': 'vm.dirty_ratio = 99\n',
} as const

/** A folder that stands for `/`, and one for the journals. */
export class FakeHost {
  readonly root = scratch('root')
  readonly state = join(scratch('state'), 'journal')

  constructor() {
    this.put(FILES)
  }

  put(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true })
      writeFileSync(join(this.root, path), text)
    }
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  /** The words that name this host, for any command. */
  get here(): string[] {
    return ['--root', this.root, '--state-dir', this.state]
  }

  semantos(...words: string[]): Promise<Ended> {
    return semantos(this.root, ...words, ...this.here)
  }

  withConfig(...words: string[]): Promise<Ended> {
    return this.semantos(...words, '--config', CONFIG)
  }
}
