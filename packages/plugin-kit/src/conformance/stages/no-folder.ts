import { join } from 'node:path'
import type { Case } from './case.js'

/** A file stands where the plugin's folders should be made; root is refused as well. */
export const NO_FOLDER: Omit<Case, 'name'> = {
  change: ({ files }) => ({ files: { ...files, occupied: 'a file\n' } }),
  options: {
    paths: (base) => {
      const below = join(base, 'occupied')
      return { sandbox: join(below, 'sandbox', 'sysctl.conf'), knowledge: join(below, 'knowledge'), results: join(below, 'results'), backup: join(below, 'backup') }
    },
  },
}
