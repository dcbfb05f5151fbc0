import { allow } from './allow.js'
import { bounds } from './bounds.js'
import { boundedChanges } from './bounded-changes.js'
import { noOom } from './no-oom.js'
import { noStarvation } from './no-starvation.js'
import { dirtyLimits } from './dirty-limits.js'
import { exclusive, relations } from './relations.js'
import type { Rule } from './rule.js'
import { uncertainty } from './uncertainty.js'

/** All rules; each is asked about each plan. */
export const RULES: readonly Rule[] = [bounds, allow, uncertainty, relations, exclusive, dirtyLimits, boundedChanges, noOom, noStarvation]
