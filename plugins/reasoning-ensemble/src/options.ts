import { isPlugin, type Plugin, z } from '@semantos/core'

const Reasoner = z
  .custom<Plugin<'reasoning'>>((value) => isPlugin(value) && value.stage === 'reasoning', { error: 'must be a plugin of stage reasoning: what a factory such as rules() returns' })
  .superRefine((plugin, context) => {
    const prepared = plugin.prepare()
    if (prepared.success) return
    for (const { path, message } of prepared.error.issues) context.addIssue({ code: 'custom', path: ['options', ...path], message: `${plugin.id}: ${message}` })
  })

function oneEach(reasoners: readonly Plugin[]): boolean {
  return new Set(reasoners.map(({ id }) => id)).size === reasoners.length
}

export const Options = z.strictObject({
  reasoners: z
    .array(Reasoner)
    .min(2)
    .max(16)
    .refine(oneEach, { error: 'holds a reasoner twice; give one an instance id: rules({ … }, { id: "second" })' }),
  /** Two numbers on the same side of the value of now agree when one is at most this many times the other. */
  near_factor: z.number().min(1).max(100).default(2),
  /** How much another reasoner's word counts beside the surest, 0 (nothing) to 1 (as if it knew nothing of what the first knows). */
  weight: z.number().min(0).max(1).default(0.5),
  max_uncertainty: z.number().gt(0).max(1).default(0.55),
  deadline_ms: z.int().min(1).max(3_600_000).default(25_000),
})
export type Options = z.infer<typeof Options>
