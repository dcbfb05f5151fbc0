/**
 * Where the value at a path of a JSON text begins, or the last part of the path that is there: JSON.parse does not say. The text
 * has been parsed before, so it is sound.
 */
export function placeInJson(json: string, path: readonly PropertyKey[]): number {
  const tokens = Array.from(json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g), (match) => ({ text: match[0], place: match.index }))
  const texts = tokens.map(({ text }) => text)
  let at = 0
  for (const key of path) {
    const next = childOf(texts, at, String(key))
    if (next === null) break
    at = next
  }
  return tokens[at]?.place ?? 0
}

/** The number of the token with which the value of a key, or of a place in a list, begins. */
function childOf(texts: readonly string[], parent: number, key: string): number | null {
  const isObject = texts[parent] === '{'
  if (!isObject && texts[parent] !== '[') return null
  for (let [at, position] = [parent + 1, 0]; at < texts.length && texts[at] !== '}' && texts[at] !== ']'; position++) {
    const name: unknown = isObject ? JSON.parse(texts[at] ?? '""') : String(position)
    const value = isObject ? at + 2 : at
    if (name === key) return value
    at = behind(texts, value)
    if (texts[at] === ',') at++
  }
  return null
}

/** The number of the token behind a value. */
function behind(texts: readonly string[], value: number): number {
  let [at, depth] = [value, 0]
  do {
    const text = texts[at++]
    if (text === '{' || text === '[') depth++
    else if (text === '}' || text === ']') depth--
  } while (depth > 0 && at < texts.length)
  return at
}
