import { KnobRef, KnobValue, type Plan, type RecommendationDraft, type Situation, refuses, z } from '@semantos/core'

/** A sentence that is shown to people: no control characters, which a terminal would obey. */
const Sentence = z.string().min(1).max(500).regex(/^\P{C}+$/u)
const Proposal = z.object({ knob: KnobRef, value: KnobValue, rationale: Sentence, metric: z.string(), change_pct: z.number().min(-100).max(1000) })
type Proposal = z.infer<typeof Proposal>
const Answer = z.object({ recommendations: z.array(Proposal).max(20) })
type Known = Pick<Situation, 'snapshot' | 'current' | 'catalogue'>

/** One answer was compared with no other. The guards refuse from 0.55 on unless told otherwise. */
const UNCERTAINTY = 0.5

/** What the model's text adds to the plan, and in words what is refused of it. Nothing is clamped or guessed. */
export function readAnswer(text: string, plan: Plan, situation: Known) {
  const answer = Answer.safeParse(parsed(text))
  if (!answer.success) throw new Error(`the answer is not what was asked for: ${z.prettifyError(answer.error)}`)
  const accepted = new Map<string, RecommendationDraft>()
  const refused: string[] = []
  for (const proposal of answer.data.recommendations) {
    const taken = accepted.has(proposal.knob) || plan.recommendations.some(({ knob }) => knob === proposal.knob)
    const reason = taken ? `${proposal.knob} is in the plan already` : whyNot(proposal, situation)
    if (reason === null) accepted.set(proposal.knob, recommendation(proposal, situation))
    else refused.push(reason)
  }
  return { accepted: [...accepted.values()], refused }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the answer is no JSON')
  }
}

function whyNot({ knob: ref, value, metric }: Proposal, { current, catalogue, snapshot }: Known): string | null {
  const knob = catalogue.get(ref)
  const reading = current.get(ref)
  if (!knob || !reading) return `${ref} is no knob of this run`
  if (reading.status !== 'present' || !reading.writable) return `${ref} cannot be set on this host`
  if (!snapshot.metrics.some(({ name }) => name === metric)) return `${ref}: nothing called ${JSON.stringify(metric)} was measured`
  return refuses(knob, value, 'safe')?.message ?? null
}

function recommendation({ knob, value, rationale, metric, change_pct }: Proposal, { snapshot }: Known): RecommendationDraft {
  const cues = snapshot.metrics.filter(({ name }) => name === metric).map(({ value: measured }) => ({ metric, value: measured, because: rationale }))
  return { knob, value, rationale, cues, expected: { metric, change_pct }, uncertainty: UNCERTAINTY }
}
