import { mount } from '@semantos/plugin-kit'

/** What a reasoner recommends, as far as this machine has the knob and lets it be written. */
export async function recommendedBy(reasoner, { current, metrics = [], place }) {
  const kit = await mount(reasoner)
  try {
    const snapshot = { time: new Date(0).toISOString(), host: null, missing: [], metrics }
    const situation = { ...kit.cycle, catalogue: place.kernel.catalogue, slo: place.cycle.slo, snapshot, evidence: { edges: [], traces: [], documents: [] }, current }
    const { recommendations } = await kit.kernel.hooks.reason.run({ recommendations: [], advice: [] }, situation)
    return recommendations.filter(({ knob }) => current.get(knob)?.writable).map(({ knob, value }) => ({ knob, value }))
  } finally {
    await kit.kernel.dispose()
  }
}
