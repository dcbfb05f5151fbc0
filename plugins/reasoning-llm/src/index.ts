import { definePlugin } from '@semantos/core'
import { describeType } from './lines.js'
import { Options } from './options.js'
import { Reasoner } from './reasoner.js'
import { plain } from './untrusted.js'

export { type Consensus, consensus, normalizedEntropy } from './consensus.js'
export { Options } from './options.js'
export { type Prompt, type PromptLimits, type Subject, buildPrompt, showPrompt } from './prompt.js'
export { type Redact, redactor } from '@semantos/core'
export { type Usage, costUsd, spendingInWords } from './spending.js'
export { estimateTokens } from './tokens.js'

/** Revises the plan of the reasoners before it with a language model, where several samples agree and the catalogue allows it. */
export default definePlugin({
  name: '@semantos/reasoning-llm',
  stage: 'reasoning',
  api: 1,
  from: import.meta.url,
  options: Options,
  setup({ hooks, paths }, options) {
    const reasoner = new Reasoner(options, paths.base, process.env)
    hooks.start.tapPromise('check', ({ planning }) => reasoner.begin(planning))
    hooks.reason.tapPromise('revise', (plan, situation) => reasoner.revise(plan, situation))
    hooks.explain.tapPromise('prompt', (view) => {
      const { knob } = view
      view.note('language model', plain(`${options.model} may recommend it and is told: ${describeType(knob.type)}; risk ${knob.risk}. ${knob.meaning}`, 1900))
    })
  },
})
