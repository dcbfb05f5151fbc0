import { splitRef } from '@semantos/core'
import { type Rule, violation } from './rule.js'

/** Only knobs that a glob of the allow-list matches, by their name or, for one device only, by the whole reference. */
export const allow: Rule = function* ({ plan }, options) {
  const patterns = options.allow.map(fromGlob)
  for (const { knob } of plan.recommendations) {
    const { name } = splitRef(knob)
    if (patterns.some((pattern) => pattern.test(name) || pattern.test(knob))) continue
    yield violation('allow', knob, `${knob} is not on the allow-list: ${options.allow.join(', ')}`, `Drop ${knob} from the plan, or add it to the option allow.`)
  }
}

/** `*` stands for any characters; everything else, brackets too, for itself. */
function fromGlob(glob: string): RegExp {
  return new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)
}
