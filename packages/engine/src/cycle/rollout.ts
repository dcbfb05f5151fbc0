import type { Change, Judgement, Knob, Look, Proposal, Step, StepReport, StepView, Undone } from '@semantos/core'
import { type Kernel, ObservationsDraft, SnapshotDraft } from '@semantos/core/kernel'
import { AppliedChanges } from './applied-changes.js'
import type { KnobState } from './knobs.js'
import { probe } from './trials.js'

/** Trials after each step. */
const PROBES = 5
/** A judgement of `hold` is followed by another look, this often at most; then the step is taken back. */
const MOST_LOOKS = 4

/** The steps of one run: each is applied, watched and judged. */
export class Rollout {
  readonly #changes: AppliedChanges

  constructor(
    readonly kernel: Kernel,
    readonly proposal: Proposal,
    readonly scope: readonly Knob[],
    claims: KnobState['claims'],
  ) {
    this.#changes = new AppliedChanges(kernel, proposal, claims)
  }

  /** One step: apply, look, judge; looks again while the judgement is `hold`. */
  async step(number: number, step: Step, changes: readonly Change[], before: Look, measured: boolean): Promise<StepReport & { readonly after: Look }> {
    const applied = await this.#changes.apply(number, changes)
    for (let look = 0; ; look++) {
      const after = { snapshot: await this.#snapshot(), trials: measured ? await probe(this.kernel, this.proposal, this.scope, (number * MOST_LOOKS + look) * PROBES, PROBES) : [] }
      const view: StepView = { ...this.proposal, step, look, before, after }
      const observations = (await this.kernel.hooks.observe.run(new ObservationsDraft(), view)).finish()
      const judgement = await this.kernel.hooks.judge.run({ decision: 'promote', reasons: [] }, { ...view, observations })
      if (judgement.decision !== 'hold') return { step, applied, observations, judgement, after }
      if (look + 1 >= MOST_LOOKS) return { step, applied, observations, judgement: givenUp(judgement), after }
    }
  }

  undoAll(): Promise<Undone[]> {
    return this.#changes.undoAll()
  }

  async #snapshot(): Promise<Look['snapshot']> {
    const draft = await this.kernel.hooks.collect.run(new SnapshotDraft(), this.proposal)
    return draft.finish(this.proposal.now())
  }
}

function givenUp(judgement: Judgement): Judgement {
  return { decision: 'roll back', reasons: [...judgement.reasons, `still undecided after ${MOST_LOOKS} looks`] }
}
