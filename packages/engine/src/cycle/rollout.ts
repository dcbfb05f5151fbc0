import type { Change, Judgement, Knob, Look, Proposal, Step, StepReport, StepView, Undone } from '@semantos/core'
import { type Kernel, ObservationsDraft, SnapshotDraft } from '@semantos/core/kernel'
import { AppliedChanges } from './applied-changes.js'
import type { RunListener } from '../run/events.js'
import type { KnobState } from './knobs.js'
import { probe } from './trials.js'

/** Trials after each step. */
const PROBES = 5
/** A judgement of `hold` is followed by another look, this often at most; then the step is rolled back. */
const MOST_LOOKS = 4

/** The steps of one run: each is applied, watched and judged. */
export class Rollout {
  readonly #changes: AppliedChanges

  constructor(
    readonly kernel: Kernel,
    readonly proposal: Proposal,
    readonly scope: readonly Knob[],
    claims: KnobState['claims'],
    readonly emit: RunListener,
  ) {
    this.#changes = new AppliedChanges(kernel, proposal, claims)
  }

  /** One step: apply, look, judge; looks again while the judgement is `hold`. */
  async step(number: number, step: Step, changes: readonly Change[], before: Look, measured: boolean): Promise<StepReport & { readonly after: Look }> {
    const applied = await this.#changes.apply(number, changes)
    this.emit({ type: 'applied', step: number, changes })
    for (let look = 0; ; look++) {
      const after = { snapshot: await this.#snapshot(), trials: measured ? await probe(this.kernel, this.proposal, this.scope, (number * MOST_LOOKS + look) * PROBES, PROBES) : [] }
      const view: StepView = { ...this.proposal, step, look, before, after }
      const observations = (await this.kernel.hooks.observe.run(new ObservationsDraft(), view)).finish()
      const judgement = await this.kernel.hooks.judge.run({ decision: 'promote', reasons: [] }, { ...view, observations })
      const final = judgement.decision === 'hold' && look + 1 >= MOST_LOOKS ? givenUp(judgement) : judgement
      this.emit({ type: 'step', number, step, judgement: final })
      if (final.decision !== 'hold') return { step, applied, observations, judgement: final, after }
    }
  }

  async undoAll(): Promise<Undone[]> {
    const values = await this.#changes.undoAll()
    if (values.length > 0) this.emit({ type: 'restored', values })
    return values
  }

  async #snapshot(): Promise<Look['snapshot']> {
    const draft = await this.kernel.hooks.collect.run(new SnapshotDraft(), this.proposal)
    return draft.finish(this.proposal.now())
  }
}

function givenUp(judgement: Judgement): Judgement {
  return { decision: 'roll back', reasons: [...judgement.reasons, `still undecided after ${MOST_LOOKS} looks`] }
}
