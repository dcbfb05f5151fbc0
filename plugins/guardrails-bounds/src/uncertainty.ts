import { type Rule, violation } from './rule.js'

/** The paper's gate: a recommendation with u >= tau is vetoed. */
export const uncertainty: Rule = function* ({ plan }, { tau }) {
  for (const { knob, uncertainty: u } of plan.recommendations) {
    if (u < tau) continue
    yield violation(
      'uncertainty',
      knob,
      `${knob} is recommended with uncertainty ${u}, and ${tau} or more is too uncertain`,
      `Gather more evidence for ${knob}, or try it under measurement with semantos tune.`,
    )
  }
}
