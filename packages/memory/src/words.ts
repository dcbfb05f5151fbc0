import type { Trace } from '@semantos/core'
import type { Seen } from './nearness.js'

/**
 * How far each of these runs is from the present situation in words, by place: 1 without the scored share of the score that the very same words
 * get (BM25+ by MiniSearch: a word that all have says little). Runs with the same words count once. Nothing where there are no words to compare.
 */
export async function wordsApart(traces: readonly Trace[], now: Seen): Promise<ReadonlyMap<number, number>> {
  const wanted = wordsOf(now)
  const texts = traces.map(wordsOf)
  const distinct = new Set(texts.filter((text) => text !== ''))
  if (wanted === '' || distinct.size === 0) return new Map()
  // Few runs have a memory to search: the others do not wait for the library.
  const { default: MiniSearch } = await import('minisearch')
  const index = new MiniSearch({ idField: 'text', fields: ['text'] })
  index.addAll([...distinct.add(wanted)].map((text) => ({ text })))
  const scores = new Map(index.search(wanted).map(({ id, score }): [unknown, number] => [id, score]))
  const same = scores.get(wanted)
  if (same === undefined) return new Map()
  return new Map(texts.flatMap((text, place) => (text === '' ? [] : [[place, 1 - Math.min(1, (scores.get(text) ?? 0) / same)]])))
}

function wordsOf({ workload, host }: Seen): string {
  return [workload === 'none' ? '' : workload, ...Object.values(host).filter((fact) => typeof fact === 'string')].filter(Boolean).join(' ')
}
