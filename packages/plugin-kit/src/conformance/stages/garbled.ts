import type { Files } from '../folders.js'

type Garble = (content: string | Uint8Array | null) => string | Uint8Array | null

const text = (content: string | Uint8Array | null) => (content === null ? '' : Buffer.from(content).toString())

/** What may stand in a file instead of what should. */
export const GARBLES: readonly { readonly name: string; readonly garble: Garble }[] = [
  { name: 'are empty', garble: () => '' },
  { name: 'end half-way', garble: (content) => text(content).slice(0, text(content).length / 2) },
  { name: 'hold binary garbage', garble: () => Uint8Array.from({ length: 4096 }, (_, index) => (index * 197 + 13) % 256) },
  { name: 'hold one line of a million characters', garble: () => 'x '.repeat(500_000) },
  { name: 'hold numbers that are none, or too large', garble: (content) => text(content).replace(/\d+/g, (_, at: number) => ['NaN', '-1', '99999999999999999999999', '1e999', ''][at % 5] ?? '') },
  { name: 'hold JSON of another shape', garble: () => '{"__proto__":{"polluted":true},"list":[null,[],{"name":7}]}' },
  { name: 'are folders', garble: () => null },
]

export function garbled(files: Files, garble: Garble): Files {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [path, garble(content)]))
}
