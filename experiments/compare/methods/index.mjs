import { bestKnown } from './best-known.mjs'
import { kit } from './kit.mjs'
import { randomSearch } from './random-search.mjs'
import { semantos } from './semantos.mjs'
import { tpe } from './tpe.mjs'
import { recommendedProfile, tunedProfile } from './tuned-profile.mjs'
import { untouched } from './untouched.mjs'

/** All methods, in the order in which they run. `profiles` of tuned beside the one that tuned itself recommends. */
export async function methodsFor({ profiles, best = null }) {
  const recommended = await recommendedProfile()
  const named = [...new Set([...(recommended === null ? [] : [recommended]), ...profiles])]
  return [untouched, ...named.map(tunedProfile), kit, randomSearch, tpe(), semantos, ...(best ? [bestKnown(Object.entries(best).map(([knob, value]) => ({ knob, value })))] : [])]
}
