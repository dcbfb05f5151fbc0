/** The path of the first difference between two documents of JSON, such as `report.steps[0].step`; null where there is none. */
export function differsAt(before: unknown, after: unknown, path = ''): string | null {
  if (!isRecord(before) || !isRecord(after)) return before === after ? null : path
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const at = differsAt(before[key], after[key], Array.isArray(before) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`)
    if (at !== null) return at
  }
  return null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
