/** The same data, which nobody can change any more: who tries gets a TypeError at that line. */
export function frozen<T>(data: T): T {
  if (typeof data !== 'object' || data === null) return data
  for (const part of Object.values(data)) frozen(part)
  return Object.freeze(data)
}
