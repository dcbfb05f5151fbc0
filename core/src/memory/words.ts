import type { Trace } from '../model/evidence.js'
import type { Seen } from './nearness.js'

/**
 * How far each of these runs is from the present situation in words, by place: 1 without the scored share of the score that the very same words
 * get (BM25+ by MiniSearch: a word that all runs have says little). Nothing where there are no words to compare.
 */
export async function wordsApart(traces: readonly Trace[], now: Seen): Promise<ReadonlyMap<number, number>> {
  const wanted = wordsOf(now)
  const documents = traces.flatMap((trace, id) => (wordsOf(trace) === '' ? [] : [{ id, text: wordsOf(trace) }]))
  if (wanted === '' || documents.length === 0) return new Map()
  // Few runs have a memory to search: the others do not wait for the library.
  const { default: MiniSearch } = await import('minisearch')
  const index = new MiniSearch({ fields: ['text'] })
  const self = traces.length
  index.addAll([...documents, { id: self, text: wanted }])
  const scores = new Map(index.search(wanted).map(({ id, score }): [unknown, number] => [id, score]))
  const same = scores.get(self)
  return new Map(same === undefined ? [] : documents.map(({ id }) => [id, 1 - Math.min(1, (scores.get(id) ?? 0) / same)]))
}

function wordsOf({ workload, host }: Seen): string {
  return [workload === 'none' ? '' : workload, ...Object.values(host).filter((fact) => typeof fact === 'string')].filter(Boolean).join(' ')
}
