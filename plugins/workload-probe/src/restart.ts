import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { isSemantosError, messageOf, SemantosError, withTimeLimit } from '@semantos/core'
import type { RestartOptions } from './options.js'
import type { Target } from './targets/target.js'

const POLL_MS = 50
const ANSWER_WITHIN_MS = 2000

/** Restarts the service and waits until a request succeeds. */
export async function restart({ command, within_s }: RestartOptions, target: Target, signal: AbortSignal): Promise<void> {
  let late = `had not ended after ${within_s} s`
  try {
    await withTimeLimit(signal, within_s * 1000, async (limited) => {
      const how = await run(command, limited)
      if (how !== 'status 0') throw failed(command, `ended with ${how}`)
      for (let reason = await answers(target); reason !== null; reason = await answers(target)) {
        late = `left a service that does not answer within ${within_s} s: ${reason}`
        await sleep(POLL_MS, null, { signal: limited })
      }
    })
  } catch (error) {
    if (signal.aborted || isSemantosError(error)) throw error
    throw failed(command, late)
  }
}

/** Ends with the command; what it leaves in the background is the service. */
function run(command: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: 'ignore', detached: true })
    const kill = () => void (child.pid !== undefined && killGroup(child.pid))
    if (signal.aborted) kill()
    signal.addEventListener('abort', kill, { once: true })
    const end = (how: string) => {
      signal.removeEventListener('abort', kill)
      resolve(how)
    }
    child.once('error', (error) => end(messageOf(error)))
    child.once('exit', (code, name) => end(name ?? `status ${String(code)}`))
  })
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

/** Null, or why a request failed. */
async function answers(target: Target): Promise<string | null> {
  const { ended, cancel } = target.probe()
  const over = new AbortController()
  const late = sleep(ANSWER_WITHIN_MS, `no answer within ${ANSWER_WITHIN_MS} ms`, { signal: over.signal }).catch(() => null)
  try {
    return await Promise.race([ended.then(() => null, messageOf), late])
  } finally {
    over.abort()
    cancel()
  }
}

function failed(command: string, how: string): SemantosError {
  return new SemantosError('SEMANTOS_E_WORKLOAD', { message: `restart: ${JSON.stringify(command)} ${how}`, place: 'workload, restart', next: 'Try the command by hand, then run again.' })
}
