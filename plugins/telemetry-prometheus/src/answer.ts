import { z } from '@semantos/core'

const Sample = z.tuple([z.number(), z.string()])

/** A series of native histograms has no value. */
const Series = z.object({ value: Sample.optional() })

const Data = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('scalar'), result: Sample }),
  z.object({ resultType: z.literal('vector'), result: z.array(Series) }),
  z.object({ resultType: z.literal('matrix') }),
  z.object({ resultType: z.literal('string') }),
])

const Answer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), data: Data }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
])

/** The body as Prometheus answers; null where it is anything else. */
export function readAnswer(body: string): z.infer<typeof Answer> | null {
  try {
    return Answer.safeParse(JSON.parse(body)).data ?? null
  } catch {
    return null
  }
}

/** A number, why there is none now, or why there will never be one. */
export type Outcome = { readonly value: number } | { readonly reason: string } | { readonly wrong: string }

/** A result must be one number: a scalar, or a vector of one series. */
export function numberOf(data: z.infer<typeof Data>): Outcome {
  if (data.resultType === 'scalar') return finite(data.result[1])
  if (data.resultType !== 'vector') return { wrong: `the query gives a ${data.resultType}, not a number` }
  const [series] = data.result
  if (!series) return { reason: 'the query gave no series' }
  if (data.result.length > 1) return { reason: `the query gave ${data.result.length} series, not one: aggregate them, for example with sum() or max()` }
  return series.value ? finite(series.value[1]) : { wrong: 'the query gives a histogram, not a number' }
}

/** PromQL has numbers that are none, as 0 / 0 is. */
function finite(text: string): Outcome {
  const value = Number(text)
  return text !== '' && Number.isFinite(value) ? { value } : { reason: `the query gave ${text.slice(0, 40)}` }
}
