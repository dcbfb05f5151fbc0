import { type Applied, type Change, type Cycle, isSemantosError, messageOf, SemantosError, type Undone } from '@semantos/core'
import type { Kernel } from '@semantos/core/kernel'
import type { KnobState } from './knobs.js'

interface Taken {
  readonly applier: string
  readonly step: number
  applied: readonly Applied[]
  /** False while the applier has not said what it did. */
  answered: boolean
}

/** What has been applied in this run, so that all of it can be taken back, newest first. */
export class AppliedChanges {
  #taken: Taken[] = []

  constructor(
    readonly kernel: Kernel,
    readonly cycle: Cycle,
    readonly claims: KnobState['claims'],
  ) {}

  /** Takes back everything, newest first. Goes on when one fails, and says so at the end; what failed can be tried again. */
  async undoAll(): Promise<Undone[]> {
    const undone: Undone[] = []
    const failures: unknown[] = []
    for (const taken of this.#taken.toReversed()) {
      try {
        undone.push(...(await this.#undo(taken)))
        this.#taken = this.#taken.filter((other) => other !== taken)
      } catch (error) {
        if (!neverBegan(taken, error)) failures.push(error)
      }
    }
    if (failures.length === 0) return undone
    throw new SemantosError('SEMANTOS_E_UNDO_FAILED', { message: `not everything could be taken back: ${failures.map(messageOf).join('; ')}`, cause: new AggregateError(failures) })
  }

  /** Each applier gets its changes of the step as one batch, in the order given. */
  async apply(step: number, changes: readonly Change[]): Promise<readonly Applied[]> {
    const applied: Applied[] = []
    for (const applier of new Set(changes.map(({ knob }) => this.claims.get(knob) ?? ''))) {
      const batch = changes.filter(({ knob }) => this.claims.get(knob) === applier)
      // Noted before it is tried: an applier that fails half-way, hangs or answers nonsense may have written all the same.
      const taken: Taken = { applier, step, applied: batch.map(({ knob, from, to }) => ({ knob, before: from, wanted: to, stored: to })), answered: false }
      this.#taken.push(taken)
      taken.applied = checkAnswer(applier, batch, await this.kernel.hooks.apply.run({ step, changes: batch }, this.cycle, applier))
      taken.answered = true
      applied.push(...taken.applied)
    }
    return applied
  }

  async #undo({ applier, step, applied, answered }: Taken): Promise<readonly Undone[]> {
    const undone = (await this.kernel.hooks.undo.run({ step, applied: applied.toReversed() }, this.cycle, applier)) ?? []
    const failed = undone.filter(({ outcome }) => outcome === 'failed').map(({ knob, detail }) => `${knob}: ${detail}`)
    const known = new Set(undone.map(({ knob }) => knob))
    const silent = answered ? applied.filter(({ knob }) => !known.has(knob)).map(({ knob }) => `${knob}: ${applier} does not say what became of it`) : []
    if (failed.length + silent.length === 0) return undone
    throw new SemantosError('SEMANTOS_E_UNDO_FAILED', { message: [...failed, ...silent].join('; '), plugin: applier, hook: 'undo' })
  }
}

/** A run that may not restore may not write either. */
function neverBegan({ answered }: Taken, error: unknown): boolean {
  return !answered && isSemantosError(error) && error.code === 'SEMANTOS_E_APPLY_REFUSED'
}

/** Each change of the batch, answered once. */
function checkAnswer(applier: string, batch: readonly Change[], answer: readonly Applied[] | undefined): readonly Applied[] {
  const answered = new Set(answer?.map(({ knob }) => knob))
  if (answer?.length === batch.length && batch.every(({ knob }) => answered.has(knob))) return answer
  throw new SemantosError('SEMANTOS_E_APPLY_FAILED', {
    message: `${applier} was to apply ${batch.map(({ knob }) => knob).join(', ')} and answers for ${[...answered].join(', ') || 'nothing'}`,
    plugin: applier,
    hook: 'apply',
  })
}
