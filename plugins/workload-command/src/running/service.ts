import { SemantosError } from '@semantos/core'
import type { Command, Ready, ServiceOptions } from '../options.js'
import { failedStep } from './failure.js'
import { Processes, type Running, type Surroundings } from './processes.js'
import { ReadyCheck } from './ready.js'

const NEVER = new AbortController().signal

/** A service that is there from trial to trial. It comes up and goes down as a whole. */
export interface Service {
  isUp(signal: AbortSignal): Promise<boolean>
  /** How it has failed since it came up, or null. */
  failure(): SemantosError | null
  start(signal: AbortSignal): Promise<void>
  stop(): Promise<void>
}

/** A service of the trials' own: started, stopped, and looked after. */
export class OwnService implements Service {
  #up: { readonly processes: Processes; readonly check: ReadyCheck; readonly main: Running } | null = null

  constructor(
    readonly command: Command,
    readonly options: ServiceOptions,
    readonly surroundings: Surroundings,
  ) {}

  async isUp(signal: AbortSignal): Promise<boolean> {
    if (!this.#up || this.failure()) return false
    return this.#up.main.ending === null || (await this.#up.check.isReady(signal))
  }

  failure(): SemantosError | null {
    const { ending = null, stderr = '', stdout = '' } = this.#up?.main ?? {}
    // With status 0 it may have become a daemon.
    if (ending === null || ending.ok) return null
    return failedStep('service.start', this.command, `${ending.how} during the trial`, [stderr, stdout])
  }

  async start(signal: AbortSignal): Promise<void> {
    const { ready, ready_within_s } = this.options
    const processes = new Processes(this.surroundings)
    const check = new ReadyCheck(ready, processes)
    try {
      if (await check.isReady(signal)) throw alreadyThere(ready)
      const main = processes.start('service.start', this.command)
      const isReady = await check.becomes(true, ready_within_s * 1000, signal, () => main.ending?.ok === false)
      if (!isReady) throw failedStep('service.start', this.command, main.ending?.how ?? `was not ready within ${ready_within_s} s`, [main.stderr, main.stdout])
      this.#up = { processes, check, main }
    } catch (error) {
      await processes.end(0)
      processes.remove()
      throw error
    }
  }

  async stop(): Promise<void> {
    if (!this.#up) return
    const { processes, check } = this.#up
    this.#up = null
    const { stop, stop_within_s } = this.options
    const limitMs = stop_within_s * 1000
    // Where it fails, the service is ended all the same.
    if (stop !== undefined) await processes.run('service.stop', stop, { limitMs, signal: NEVER }).catch(() => null)
    await processes.end(limitMs)
    const isGone = await check.becomes(false, limitMs, NEVER)
    processes.remove()
    if (!isGone) throw failedStep('service.stop', stop ?? this.command, `left a service that still answers after ${stop_within_s} s`, [], 'Name the command that stops it with service.stop.')
  }
}

/** A service that was there before: restarted when needed, and never stopped. */
export class StandingService implements Service {
  constructor(
    readonly command: Command,
    readonly options: ServiceOptions,
    readonly surroundings: Surroundings,
  ) {}

  async start(signal: AbortSignal): Promise<void> {
    const { ready, ready_within_s } = this.options
    const processes = new Processes(this.surroundings)
    try {
      const limitMs = ready_within_s * 1000
      const { stdout, stderr } = await processes.run('service.restart', this.command, { limitMs, signal, contained: false })
      if (await new ReadyCheck(ready, processes).becomes(true, limitMs, signal)) return
      throw failedStep('service.restart', this.command, `had the service not ready within ${ready_within_s} s`, [stderr, stdout])
    } finally {
      processes.remove()
    }
  }

  async isUp(): Promise<boolean> {
    return true
  }

  failure(): null {
    return null
  }

  async stop(): Promise<void> {
    return
  }
}

function alreadyThere({ tcp, http }: Ready): SemantosError {
  return new SemantosError('SEMANTOS_E_WORKLOAD', {
    message: `service.start: ${tcp ?? http ?? 'the ready command'} answers before the service is started`,
    place: 'workload, service.ready',
    next: 'Stop the other service or use another port; name service.restart instead of service.start for a service that is to stay.',
  })
}
