import { type CallContext, type Plan, PlanDraft, type Plugin, type PluginKernel, RecommendationDraft, SemantosError, type Situation, type TapOptions, type Tappable, z } from '@semantos/core'

/** One reasoner of the ensemble, set up and ready to be asked. */
export interface Member {
  readonly id: string
  /** What it makes of the situation by itself, from an empty plan. */
  reason(situation: Situation): Promise<Plan>
}

type Reason = (plan: Plan, situation: Situation) => PlanDraft | Promise<PlanDraft>

/** Without the stamps that the kernel gives, and that a reasoner may have written itself. */
const Recommendations = z.array(RecommendationDraft.strip()).readonly()

/**
 * Sets a reasoner up inside this plugin. It gets the host and the paths as they are; its lifecycle taps go to the kernel
 * under its name; its `reason` taps are kept here, to be asked one after the other.
 */
export async function memberOf(plugin: Plugin<'reasoning'>, { hooks, host, paths, perRun }: PluginKernel<'reasoning'>): Promise<Member> {
  const { id } = plugin
  const taps: Reason[] = []
  const prepared = plugin.prepare()
  if (!prepared.success) throw new SemantosError('SEMANTOS_E_PLUGIN_OPTIONS', { message: z.prettifyError(prepared.error), plugin: id })
  await prepared.setup({
    hooks: {
      reason: { tapPromise: (_tap, reason) => void taps.push(reason) },
      start: under(id, hooks.start),
      explain: under(id, hooks.explain),
      fault: under(id, hooks.fault),
      dispose: under(id, hooks.dispose),
    },
    host,
    paths,
    perRun,
  })
  return {
    id,
    reason: async (situation) => {
      let plan: Plan = { recommendations: [], advice: [] }
      for (const reason of taps) plan = stamped(await reason(plan, situation), id)
      return plan
    },
  }
}

function under<Subject, Context extends CallContext, Result>(id: string, hook: Tappable<Subject, Context, Result>): Tappable<Subject, Context, Result> {
  return { tapPromise: (tap, fn) => hook.tapPromise(named(id, tap), fn) }
}

function named(id: string, tap: string | TapOptions): TapOptions {
  return typeof tap === 'string' ? { name: `${id}#${tap}` } : { ...tap, name: `${id}#${tap.name}` }
}

/** Throws for an answer that breaks the contract of `reason`. */
function stamped(answer: PlanDraft, id: string): Plan {
  const parsed = PlanDraft.safeParse(answer)
  if (!parsed.success) throw new SemantosError('SEMANTOS_E_PLUGIN_OUTPUT', { message: `${id} returned a plan that breaks the contract of reason:\n${z.prettifyError(parsed.error)}`, plugin: id, hook: 'reason' })
  const recommendations = Recommendations.parse(parsed.data.recommendations)
  return { recommendations: recommendations.map((recommendation) => ({ ...recommendation, proposed_by: id, changed_by: [] })), advice: parsed.data.advice }
}

/** The situation as one reasoner sees it: its own signal, which ends it at the deadline, its own name and random streams. */
export function situationFor(id: string, situation: Situation, signal: AbortSignal): Situation {
  return {
    ...situation,
    signal,
    log: (message) => situation.log(`${id}: ${message}`),
    random: (stream) => situation.random(`${id}/${stream}`),
  }
}
