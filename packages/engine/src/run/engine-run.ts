import { type Cycle, SemantosError } from '@semantos/core'
import { type Kernel, type KernelRun, streams } from '@semantos/core/kernel'
import { type Host, Run, type Scope } from '@semantos/host'
import type { ResolvedConfig } from '../config/load.js'
import { semantosVersion } from '../cycle/version.js'
import { writeBackup } from './backup.js'
import type { RunListener } from './events.js'
import { runId } from './run-id.js'

/** What runs of one engine share. */
export interface EngineParts {
  readonly config: ResolvedConfig
  readonly kernel: Kernel
  readonly host: Host
  /** The folder that stands for `/`, that of the journals, and whose values are written. */
  readonly place: { readonly root: string; readonly stateDir: string; readonly scope?: Scope }
}

/** How a run is begun. */
export interface RunStart {
  /** Everything random comes from it; the config's without it. */
  readonly seed?: number
  /** Permission to change values of the running kernel. */
  readonly apply?: boolean
  /** False: no process watches over the run, and values of one that dies stay until the next start. */
  readonly watchdog?: boolean
  /** Stops this run and no other. */
  readonly signal?: AbortSignal
  /** The command line, for the journal. */
  readonly command?: readonly string[]
  /** Is told what happens. */
  readonly onEvent?: RunListener
}

/**
 * One run of an engine: its own name, abort signal, random streams, clock, journal and events. What it applied is rolled back when it is
 * closed, unless it was committed.
 */
export class EngineRun implements AsyncDisposable {
  #closing: Promise<void> | null = null

  private constructor(
    readonly engine: EngineParts,
    readonly id: string,
    readonly seed: number,
    readonly kernelRun: KernelRun,
    /** The journal of a run that may change a kernel; null for any other. */
    readonly journal: Run | null,
    readonly emit: RunListener,
    readonly endWriting: () => Promise<void>,
  ) {}

  static async begin(engine: EngineParts, start: RunStart): Promise<EngineRun> {
    const { kernel, config, host, place } = engine
    const seed = start.seed ?? config.seed
    const emit = start.onEvent ?? (() => undefined)
    const name = runId(config.fixedTime, seed)
    const kernelRun = kernel.begin({
      random: streams(seed),
      log: (plugin, message) => emit({ type: 'warning', plugin, message }),
      ...(start.signal && { signal: start.signal }),
    })
    if (!start.apply || !changesKernel(engine)) return new EngineRun(engine, name, seed, kernelRun, null, emit, async () => undefined)
    const journal = await Run.open({ ...place, run: name, command: start.command ?? process.argv, version: semantosVersion(), guard: start.watchdog ?? true })
    try {
      const { end } = host.beginWriting({ run: journal, catalogue: () => kernel.catalogue })
      return new EngineRun(engine, journal.id, seed, kernelRun, journal, emit, end)
    } catch (error) {
      await journal.close()
      throw error
    }
  }

  /** The context of the run's calls, without what the loop adds. */
  cycle(slo: Cycle['slo'] = this.engine.config.slo): Cycle {
    return { ...this.kernelRun.context(), run: this.id, seed: this.seed, slo, catalogue: this.engine.kernel.catalogue }
  }

  /**
   * What was applied stays; with `confirmWithinMs` only if it is confirmed in time. A run that changes no kernel has nothing to commit.
   */
  commit(confirmWithinMs?: number): void {
    const { journal, engine, kernelRun: { control } } = this
    // Also where it was aborted after its last hook.
    if (control.aborted) throw control.aborted
    if (!journal) return
    // First, so that a full disk fails the run while it can still be rolled back.
    writeBackup(journal.id, engine.place, engine.config.paths.backup)
    journal.commit(confirmWithinMs === undefined ? {} : { confirmWithinMs })
  }

  /** Where nothing is written to a kernel, nothing is rolled back by itself. */
  mustBeConfirmable(confirmWithinMs: number | undefined): void {
    if (this.journal !== null || confirmWithinMs === undefined) return
    throw new SemantosError('SEMANTOS_E_USAGE', {
      message: 'this run changes no kernel, so there is nothing to confirm',
      place: '--confirm-within',
      next: 'Leave it out; or add --apply, with an applier that writes to the kernel.',
    })
  }

  /** Rolls back what was not committed, and lets the next writer in. Closing twice is closing once. */
  close(): Promise<void> {
    this.#closing ??= this.endWriting()
    return this.#closing
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** A sandbox, or whatever else is no kernel, needs no root, no journal and no watchdog. */
function changesKernel({ kernel }: EngineParts): boolean {
  return kernel.plugins.some((plugin) => plugin.stage === 'applier' && plugin.live)
}

