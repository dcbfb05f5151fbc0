import type { Options } from './options.js'

/**
 * Where a request stands in its burst: how many connections came with it and are served before it.
 *
 *   size  = arrival_rate_per_s * burst_interval_ms / 1000 * intensity * spread   [connections]
 *   ahead = size * place                                                        [connections]
 *
 * `intensity` belongs to the trial (1 +- traffic_variation_pct), `spread` (0.75..1.25) to the burst, `place` (0..1) to the
 * request. A request in 250 comes with a flash crowd ten times the size. Sampled requests are independent: a trial's few
 * hundred stand for the many thousands that a host would serve meanwhile.
 *
 * All queues of the host see the same burst, so a request that waits long in one waits long in all: delays are
 * comonotone, and quantiles of comonotone delays add (Dhaene et al., Insurance: Mathematics and Economics 31, 2002).
 * This is why effects of independent mechanisms add in milliseconds of p95.
 */
export interface Arrivals {
  /** Connections ahead of the next sampled request. */
  next(): number
}

const SPREAD = 0.5
const FLASH_SHARE = 0.004
const FLASH_FACTOR = 10

export function arrivals(options: Options, random: () => number): Arrivals {
  const intensity = 1 + (options.traffic_variation_pct / 100) * (2 * random() - 1)
  const burst = ((options.arrival_rate_per_s * options.burst_interval_ms) / 1000) * intensity
  return {
    next() {
      const draw = random()
      const size = burst * (1 + SPREAD * (draw - 0.5)) * (draw < FLASH_SHARE ? FLASH_FACTOR : 1)
      return size * random()
    },
  }
}

/** The burst at which the mechanisms' times are given: that of the default options, near the one that a p95 request meets. */
export const REFERENCE_CONNECTIONS = 800
