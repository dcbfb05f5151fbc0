import { Scalar, stringify } from 'yaml'

/** YAML that readers of 1.1 and 1.2 understand alike: every string is quoted, so that none is taken for a number, a boolean or a tag. */
export function yaml(value: unknown): string {
  return stringify(value, { version: '1.1', lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })
}

/** Text of several lines, laid out as it is. */
export function block(text: string): Scalar<string> {
  const scalar = new Scalar(text)
  scalar.type = 'BLOCK_LITERAL'
  return scalar
}

export function indent(text: string, columns: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(columns))
}
