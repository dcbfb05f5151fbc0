import { MOST_RECOMMENDATIONS, type PlanDraft, definePlugin, messageOf, withTimeLimit, z } from '@semantos/core'
import { readAnswer } from './answer.js'
import { complete } from './chat.js'
import { promptFor } from './prompt.js'

/** Asks a language model what the reasoners before it have missed. Without an answer the plan stands as it was. */
export default definePlugin({
  name: '@acme/semantos-reasoning-llm-http',
  stage: 'reasoning',
  api: 1,
  from: import.meta.url,
  options: z.strictObject({
    /** Address of the server, up to and with `/v1`. */
    base_url: z.url({ protocol: /^https?$/ }),
    model: z.string().min(1),
    /** Name of the environment variable that holds the key: a key itself does not belong in a config. */
    key_env: z.string().regex(/^[A-Z][A-Z0-9_]*$/, { error: 'must be the name of an environment variable, not a key' }).optional(),
    /** Below the kernel's own limit for `reason`, 30 s, which would fail the run. */
    timeout_ms: z.int().min(10).max(29_000).default(20_000),
  }),
  setup({ hooks }, { base_url, model, key_env, timeout_ms }) {
    const server = { baseUrl: base_url.replace(/\/$/, ''), model, key: key_env === undefined ? undefined : process.env[key_env] }

    hooks.reason.tapPromise('ask', async (plan, situation): Promise<PlanDraft> => {
      const { signal, log } = situation
      try {
        const text = await withTimeLimit(signal, timeout_ms, (limited) => complete(server, promptFor(plan, situation), limited))
        const { accepted, refused } = readAnswer(text, plan, situation)
        for (const reason of refused) log(`refused: ${reason}`)
        return { ...plan, recommendations: [...plan.recommendations, ...accepted].slice(0, MOST_RECOMMENDATIONS) }
      } catch (error) {
        if (signal.aborted) throw error
        log(`the plan stands without the model: ${messageOf(error instanceof Error && error.cause ? error.cause : error)}`)
        return plan
      }
    })
  },
})
