import { RecommendationDraft, z } from '@semantos/core'

/**
 * What a language model is asked for, as JSON schema: a RecommendationDraft without what is not its to say, the reason before
 * the value. Uncertainty comes from comparing samples, the values of cues from telemetry.
 */
export function answerSchema(knobs: readonly string[]): string {
  const item = z.strictObject({
    knob: z.enum(knobs),
    rationale: RecommendationDraft.shape.rationale,
    value: z.union([z.int(), z.string(), z.array(z.int())]),
    expected: RecommendationDraft.shape.expected,
    cues: z.array(z.string()),
    evidence: z.array(z.string()),
  })
  return JSON.stringify(z.toJSONSchema(z.strictObject({ recommendations: z.array(item) }), { target: 'draft-7', io: 'input', override: withoutLimits }))
}

/** Some servers refuse limits, others take them and run slowly. What comes back is held to the full contract in any case. */
function withoutLimits({ jsonSchema }: { readonly jsonSchema: { minimum?: unknown; maximum?: unknown; minLength?: unknown; maxLength?: unknown } }): void {
  delete jsonSchema.minimum
  delete jsonSchema.maximum
  delete jsonSchema.minLength
  delete jsonSchema.maxLength
}

/** One recommendation as it is read from an answer: extra keys are passed over, what is missing or of another type is refused. */
export const AnswerItem = z.object({
  knob: z.string(),
  value: z.unknown(),
  rationale: z.string().min(1),
  expected: z.object({ metric: z.string().min(1), change_pct: z.number().min(-100).max(1000) }),
  cues: z.array(z.string()).default([]),
  evidence: z.array(z.string()).default([]),
})
export type AnswerItem = z.infer<typeof AnswerItem>

/** The answer in words, for models that are not held to the schema. */
export const ANSWER_SHAPE =
  '{"recommendations": [{"knob": "NAME", "rationale": "WHY", "value": VALUE, "expected": {"metric": "METRIC", "change_pct": NUMBER}, "cues": ["METRIC"], "evidence": ["ID"]}]}'
