import { definePlugin } from '@semantos/core'
import { notesOn } from './notes.js'
import { Options } from './options.js'
import { RULES } from './rules.js'

/** Judges the state that a plan would lead to: bounds, relations, and the guardrails bounded_changes, no_oom and no_starvation. */
export default definePlugin({
  name: '@semantos/guardrails-bounds',
  stage: 'guardrails',
  api: 1,
  from: import.meta.url,
  options: Options,
  setup(kernel, options) {
    kernel.hooks.guard.tapPromise('bounds', (verdict, proposal) => {
      for (const rule of RULES) for (const violation of rule(proposal, options)) verdict.violate(violation)
    })
    kernel.hooks.explain.tapPromise('bounds', (notes, { catalogue }) => {
      for (const text of notesOn(notes.knob, catalogue, options)) notes.note('guard', text)
    })
  },
})
