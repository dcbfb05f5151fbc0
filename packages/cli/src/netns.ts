import { spawn } from 'node:child_process'
import { enterNetns, type NetnsEntry } from '@semantos/host'

/** Thrown when the command has run elsewhere; carries its exit status. */
export class RanElsewhere extends Error {
  constructor(readonly status: number) {
    super('the command ran inside another network namespace')
  }
}

/** The scope of `--netns`; where this process is not inside yet, the command is started again there and its status handed on. */
export async function scopeOf(netns: string | undefined): Promise<NetnsEntry['scope'] | undefined> {
  if (netns === undefined) return undefined
  const entry = enterNetns(netns)
  if (entry.inside) return entry.scope
  const [program, ...rest] = entry.command
  const ignore = () => undefined
  // A signal of the terminal reaches the child as well; it says what happened.
  process.on('SIGINT', ignore).on('SIGTERM', ignore)
  const status = await new Promise<number>((resolve, reject) => {
    spawn(program, rest, { stdio: 'inherit' })
      .on('error', reject)
      .on('close', (code) => resolve(code ?? 1))
  })
  throw new RanElsewhere(status)
}
