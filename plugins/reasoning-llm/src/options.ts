import { z } from '@semantos/core'

/** Where each provider is reached and which environment variable holds its key, unless the config says otherwise. */
const PROVIDERS = {
  'openai-compatible': { baseUrl: null, apiKeyEnv: null },
  ollama: { baseUrl: 'http://127.0.0.1:11434/v1', apiKeyEnv: null },
  openai: { baseUrl: 'https://api.openai.com/v1', apiKeyEnv: 'OPENAI_API_KEY' },
  anthropic: { baseUrl: 'https://api.anthropic.com/v1', apiKeyEnv: 'ANTHROPIC_API_KEY' },
} as const satisfies Record<string, { readonly baseUrl: string | null; readonly apiKeyEnv: string | null }>

const VariableName = z.string().regex(/^[A-Z][A-Z0-9_]*$/, {
  error: 'must be the name of an environment variable, such as OPENAI_API_KEY; the key itself never stands in a config',
})

const BaseUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address, such as http://127.0.0.1:8000/v1' }).refine(
  (address) => {
    const { username, password, search, hash } = new URL(address)
    return username + password + search + hash === ''
  },
  { error: 'must not hold a user, a password, a query or a fragment: keys come from the environment variable that api_key_env names' },
)

const UsdPerMillion = z.number().min(0)

export const Options = z
  .strictObject({
    provider: z.enum(['openai-compatible', 'ollama', 'openai', 'anthropic']).default('openai-compatible'),
    base_url: BaseUrl.optional(),
    model: z.string().min(1).max(256),
    api_key_env: VariableName.optional(),
    samples: z.int().min(1).max(16).default(3),
    temperature: z.number().min(0).max(2).nullable().default(0.7),
    temperature_scale: z.number().min(0.1).max(10).default(1),
    max_uncertainty: z.number().gt(0).max(1).default(0.55),
    max_recommendations: z.int().min(1).max(64).default(8),
    deadline_ms: z.int().min(1).max(3_600_000).default(20_000),
    timeout_ms: z.int().min(1).max(3_600_000).default(20_000),
    retries: z.int().min(0).max(10).default(2),
    rate_limit_per_min: z.int().min(1).max(100_000).default(60),
    max_tokens_prompt: z.int().min(2000).max(1_000_000).default(8000),
    max_tokens_answer: z.int().min(64).max(100_000).default(2000),
    price_per_million_tokens: z.strictObject({ input: UsdPerMillion, output: UsdPerMillion }).optional(),
    max_cost_usd: z.number().positive().optional(),
    json_schema: z.boolean().default(true),
    stream: z.boolean().default(false),
    record_dir: z.string().min(1).optional(),
    replay_dir: z.string().min(1).optional(),
    show_prompt: z.boolean().default(false),
  })
  .superRefine((options, context) => {
    const refuse = (path: keyof typeof options, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (options.base_url === undefined && PROVIDERS[options.provider].baseUrl === null) refuse('base_url', `is needed for provider '${options.provider}'`)
    if (options.max_cost_usd !== undefined && !options.price_per_million_tokens) refuse('max_cost_usd', 'needs price_per_million_tokens: without prices nothing can be held to it')
    if (options.record_dir !== undefined && options.replay_dir !== undefined) refuse('replay_dir', 'and record_dir exclude each other')
  })
export type Options = z.infer<typeof Options>

/** The address asked and the variable that holds the key, after the provider's defaults. */
export function endpointOf({ provider, base_url, api_key_env }: Options): { readonly baseUrl: string; readonly apiKeyEnv: string | null } {
  const defaults = PROVIDERS[provider]
  return { baseUrl: base_url ?? defaults.baseUrl ?? '', apiKeyEnv: api_key_env ?? defaults.apiKeyEnv }
}
