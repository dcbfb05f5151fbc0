import { createRequire } from 'node:module'
import type { createJiti } from 'jiti'

type CreateJiti = typeof createJiti

/** jiti, loaded when it is first needed. require(), not import(): that would first search its 190 kB for the names it exports, for 30 ms. */
export function loadJiti(): CreateJiti {
  const jiti: unknown = createRequire(import.meta.url)('jiti')
  if (typeof jiti === 'function' && 'createJiti' in jiti && isCreateJiti(jiti.createJiti)) return jiti.createJiti
  throw new TypeError('this is not the jiti that @semantos/core was built with')
}

function isCreateJiti(value: unknown): value is CreateJiti {
  return typeof value === 'function'
}
