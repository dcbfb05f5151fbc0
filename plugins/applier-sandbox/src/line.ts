import { type Knob, knobText, type KnobValue } from '@semantos/core'

/** What stands left of the `=`: the key that sysctl knows, or a comment for what it does not. */
export function keyOf({ where }: Knob): string {
  return where.interface === 'sysctl' ? where.path.replaceAll('/', '.') : `# ${where.interface} ${where.path}`
}

export function lineOf(knob: Knob, value: KnobValue): string {
  return `${keyOf(knob)} = ${knobText(knob.type, value)}`
}

const LINE = /^\s*(# (?:sysfs|debugfs) \S+|[^#;\s][^\s=]*)\s*=\s*(.*?)\s*$/

/** Key and text of a line that sets something; null for comments and empty lines. */
export function parseLine(line: string): { readonly key: string; readonly text: string } | null {
  const match = LINE.exec(line)
  return match?.[1] === undefined || match[2] === undefined ? null : { key: match[1], text: match[2] }
}
