import { z } from '@semantos/core'
import type { LanguageModel, jsonSchema as JsonSchema } from 'ai'
import { guardedFetch } from './fetch.js'
import { type Options, endpointOf } from './options.js'
import type { Prompt } from './prompt.js'

/** A model's answer as text, and what the server says it used; null where it does not say. */
export interface Reply {
  readonly text: string
  readonly inputTokens: number | null
  readonly outputTokens: number | null
}

/** One request to a model. Throws what the AI SDK throws. */
export type Ask = (prompt: Prompt, signal: AbortSignal) => Promise<Reply>

/** A JSON schema of ours, in the SDK's type. */
const Schema = z.custom<Exclude<Parameters<typeof JsonSchema>[0], PromiseLike<unknown> | (() => unknown)>>((value) => typeof value === 'object')

/** Loads the AI SDK, which takes a moment, and returns what asks the model of the config. */
export async function connect(options: Options, key: string | null): Promise<Ask> {
  const { generateText, streamText, Output, jsonSchema } = await import('ai')
  // The SDK would print warnings about unsupported settings; only the command line prints.
  globalThis.AI_SDK_LOG_WARNINGS = false
  const model = await modelOf(options, key)
  return async (prompt, signal) => {
    const request = {
      model,
      system: prompt.system,
      prompt: prompt.user,
      output: { ...Output.object({ schema: jsonSchema(Schema.parse(JSON.parse(prompt.schema))), name: 'recommendations' }), ...UNREAD },
      maxOutputTokens: options.max_tokens_answer,
      ...(options.temperature === null ? {} : { temperature: options.temperature }),
      maxRetries: 0,
      abortSignal: signal,
    }
    if (options.stream) return streamed(streamText({ ...request, onError: () => undefined }).fullStream)
    const { text, usage } = await generateText(request)
    return { text, inputTokens: usage.inputTokens ?? null, outputTokens: usage.outputTokens ?? null }
  }
}

/** The SDK sends the schema and leaves the answer alone: it would refuse all of it for one bad recommendation. */
const UNREAD = {
  parseCompleteOutput: ({ text }: { readonly text: string }) => Promise.resolve(text),
  parsePartialOutput: () => Promise.resolve(undefined),
}

async function modelOf(options: Options, key: string | null): Promise<LanguageModel> {
  const { provider, model, json_schema, stream } = options
  const { baseUrl } = endpointOf(options)
  if (provider === 'anthropic') {
    const { createAnthropic } = await import('@ai-sdk/anthropic')
    return createAnthropic({ baseURL: baseUrl, apiKey: key ?? '', fetch: guardedFetch })(model)
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  return createOpenAICompatible({
    name: provider,
    baseURL: baseUrl,
    supportsStructuredOutputs: json_schema,
    includeUsage: stream,
    fetch: guardedFetch,
    ...(key === null ? {} : { apiKey: key }),
    ...(provider === 'openai' ? { transformRequestBody: forOpenAi } : {}),
  })(model)
}

/** OpenAI's newer models refuse `max_tokens` and take `max_completion_tokens` instead; its older ones take both. */
function forOpenAi({ max_tokens, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return { ...rest, max_completion_tokens: max_tokens }
}

interface StreamPart {
  readonly type: string
  readonly text?: string
  readonly error?: unknown
  readonly totalUsage?: { readonly inputTokens: number | undefined; readonly outputTokens: number | undefined }
}

async function streamed(parts: AsyncIterable<StreamPart>): Promise<Reply> {
  let text = ''
  let usage: StreamPart['totalUsage']
  for await (const part of parts) {
    if (part.type === 'text-delta') text += part.text ?? ''
    else if (part.type === 'error') throw part.error
    else if (part.type === 'finish') usage = part.totalUsage
  }
  return { text, inputTokens: usage?.inputTokens ?? null, outputTokens: usage?.outputTokens ?? null }
}
