import { above, any, fills, limit } from '../detect.js'
import { partOf, times } from '../propose.js'
import { type Symptom, raise, set } from '../symptom.js'

const NEVER_PER_S = 0.1

/** The same mechanism for ARP and for neighbour discovery. */
function neighbours(metrics: 'neighbour' | 'neighbour6', ip: 'ipv4' | 'ipv6'): Symptom[] {
  const prefix = `net.${ip}.neigh.default`
  const hardLimit = `${prefix}.gc_thresh3`
  const larger = times(8)
  const protocol = ip === 'ipv4' ? 'ARP' : 'IPv6 neighbour'
  return [
    {
      id: `${metrics}.table-full`,
      set: 'evidence',
      says: `The ${protocol} table is full or nearly so`,
      when: any(
        above(`${metrics}.table_full_per_s`, NEVER_PER_S, 'a packet is lost for each'),
        above(`${metrics}.forced_gc_runs_per_s`, NEVER_PER_S, 'room has to be made while a packet waits'),
        fills(`${metrics}.entries`, limit(hardLimit), 0.8, 'entries, near the hard limit'),
      ),
      remedies: [
        {
          id: 'larger',
          changes: [
            raise(hardLimit, larger),
            // The kernel's own ratios, 128 : 512 : 1024.
            set(`${prefix}.gc_thresh2`, partOf(hardLimit, 1 / 2, larger)),
            set(`${prefix}.gc_thresh1`, partOf(hardLimit, 1 / 8, larger)),
          ],
          why: 'Above the third threshold new neighbours are refused, above the second old ones are thrown out at once, and below the first none are.',
          expected: { metric: `${metrics}.table_full_per_s`, change_pct: -100 },
          uncertainty: 0.1,
          checkAfter: 'refused neighbours and forced clean-ups',
        },
      ],
      advice: 'Put a router between this host and so many neighbours.',
    },
    {
      id: `${metrics}.unresolved`,
      set: 'evidence',
      says: `Packets are dropped while they wait for an ${protocol} answer`,
      when: above(`${metrics}.unresolved_discards_per_s`, 1, 'more than hosts that are gone'),
      remedies: [
        {
          id: 'longer-wait',
          changes: [raise(`${prefix}.unres_qlen_bytes`, times(8))],
          why: 'So much may wait for one address to be resolved; the rest is lost.',
          expected: { metric: `${metrics}.unresolved_discards_per_s`, change_pct: -80 },
          uncertainty: 0.35,
          checkAfter: 'packets dropped while waiting',
        },
      ],
      advice: 'Look for addresses that nobody answers for.',
    },
  ]
}

export const neighbour: readonly Symptom[] = [...neighbours('neighbour', 'ipv4'), ...neighbours('neighbour6', 'ipv6')]
