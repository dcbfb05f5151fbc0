import { statSync } from 'node:fs'
import { geteuid } from 'node:process'
import { type CallContext, messageOf, SemantosError, type TakesEffect, type TrialDraft, type TrialRequest } from '@semantos/core'
import type { Options } from './options.js'
import { FRESH, parseOutput } from './parsers/index.js'
import { flushesFor, needsRestart, renewedBy } from './renewal.js'
import { outputOf } from './running/output-files.js'
import { Processes, type RunLimits, type Surroundings } from './running/processes.js'
import { OwnService, type Service, StandingService } from './running/service.js'
import { findUser } from './running/user.js'

const NEVER = new AbortController().signal
/** What a trial left running is told to terminate, and killed after this. */
const GRACE_MS = 1000

/** Runs trials one after the other, and keeps their service from one to the next. */
export class Workload {
  readonly #service: Service | null
  readonly #closing = new AbortController()
  readonly #fresh: readonly TakesEffect[]
  #underway: Promise<unknown> = Promise.resolve()
  /** Kinds of which it has been told that they cannot be flushed. */
  readonly #cannotFlush = new Set<TakesEffect>()

  #warned = false

  constructor(
    readonly options: Options,
    readonly surroundings: Surroundings,
  ) {
    this.#service = serviceOf(options, surroundings)
    this.#fresh = options.fresh ?? FRESH[options.parser.name]
  }

  /** One trial. A trial that was cut off before has ended, with all its processes, when the next begins. */
  async measure({ renew }: TrialRequest, { signal, log }: CallContext): Promise<TrialDraft> {
    await this.#underway
    const trial = this.#trial(renew, AbortSignal.any([signal, this.#closing.signal]), log)
    this.#underway = trial.catch(() => null)
    return await trial
  }

  /** Cuts off a trial under way and stops the service. */
  async close(): Promise<void> {
    this.#closing.abort(new SemantosError('SEMANTOS_E_ABORTED', { message: 'the workload is closed' }))
    await this.#underway
    await this.#service?.stop()
  }

  async #trial(renew: readonly TakesEffect[], signal: AbortSignal, log: (message: string) => void): Promise<TrialDraft> {
    checkFolder(this.surroundings.cwd)
    if (this.options.user === undefined && geteuid?.() === 0 && !this.#warned) {
      this.#warned = true
      log('the workload runs as root: name a user with the option user, or say user: root')
    }
    const user = this.options.user === undefined ? null : await findUser(this.options.user)
    const processes = new Processes(this.surroundings, user)
    try {
      const limits = { user, limitMs: this.options.time_limit_s * 1000, signal }
      const renewed = await this.#prepare(processes, renew, { ...limits, user: null, contained: false }, log)
      const tearDown = () => this.#step(processes, 'tear_down', { ...limits, signal: NEVER })
      const result = await this.#run(processes, limits).catch(async (error: unknown) => {
        await tearDown().catch((failure: unknown) => log(messageOf(failure)))
        throw error
      })
      await tearDown()
      return { ...result, unseen: renew.filter((kind) => !renewed.includes(kind)) }
    } finally {
      await processes.end(GRACE_MS)
      processes.remove()
    }
  }

  /** What comes between trials, and the service. Returns what is made anew by it all. */
  async #prepare(processes: Processes, renew: readonly TakesEffect[], limits: RunLimits, log: (message: string) => void): Promise<readonly TakesEffect[]> {
    const service = this.#service
    const restart = service !== null && (needsRestart(renew, this.#fresh, this.options.service) || !(await service.isUp(limits.signal)))
    if (restart) await service.stop()
    for (const [index, command] of this.options.between.entries()) await processes.run(`between-${index + 1}`, command, limits)
    const renewed = renewedBy(this.#fresh, restart ? (this.options.service ?? null) : null)
    const flushed = await this.#flush(processes, flushesFor(renew, renewed), limits, log)
    if (restart) await service.start(limits.signal)
    return [...renewed, ...flushed]
  }

  /** Only root may, and not every host has the program: where it cannot, the trial does not see what the cache hides. */
  async #flush(processes: Processes, flushes: ReturnType<typeof flushesFor>, limits: RunLimits, log: (message: string) => void): Promise<TakesEffect[]> {
    const flushed: TakesEffect[] = []
    for (const { kind, command } of flushes) {
      if (this.#cannotFlush.has(kind)) continue
      try {
        await processes.run('flush', command, limits)
        flushed.push(kind)
      } catch (error) {
        limits.signal.throwIfAborted()
        this.#cannotFlush.add(kind)
        log(`what takes effect at ${kind} is not seen: ${messageOf(error)}`)
      }
    }
    return flushed
  }

  async #run(processes: Processes, limits: RunLimits): Promise<TrialDraft> {
    const { run, reads, parser } = this.options
    await this.#step(processes, 'set_up', limits)
    await this.#step(processes, 'warm_up', limits)
    const finished = await processes.run('run', run, limits)
    const failure = this.#service?.failure()
    if (failure) throw failure
    return await parseOutput(outputOf(finished, processes.folder, reads, limits.signal), parser)
  }

  async #step(processes: Processes, name: 'set_up' | 'warm_up' | 'tear_down', limits: RunLimits): Promise<void> {
    const command = this.options[name]
    if (command !== undefined) await processes.run(name, command, limits)
  }
}

function serviceOf({ service }: Options, surroundings: Surroundings): Service | null {
  if (service?.start !== undefined) return new OwnService(service.start, service, surroundings)
  if (service?.restart !== undefined) return new StandingService(service.restart, service, surroundings)
  return null
}

function checkFolder(cwd: string): void {
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return
  throw new SemantosError('SEMANTOS_E_WORKLOAD', { message: `there is no folder ${cwd}`, place: 'workload, cwd', next: 'Correct the option cwd; it is taken from the folder of the config.' })
}
