import { z } from '@semantos/core'
import { Usage } from './spending.js'

/** How one sample ended. Secrets are masked already: what is recorded is what is read. */
export const Outcome = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('answered'), text: z.string(), usage: Usage }),
  z.strictObject({ status: z.literal('failed'), reason: z.string(), usage: Usage }),
])
export type Outcome = z.infer<typeof Outcome>
