import { NAMES_A_SECRET, redactText, SECRET } from './redact-text.js'

/** The same value with its secrets as `[secret]`: what stands under a name that speaks of one, and what looks like one in a text. */
export function redact(value: unknown, name = ''): unknown {
  if (isSecret(name, value)) return SECRET
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return value.map((item: unknown, index) => (typeof item === 'string' ? redactWord(item, value[index - 1]) : redact(item)))
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item, key)]))
  return value
}

/** The words of a command with their secrets as `[secret]`. */
export function redactWords(words: readonly string[]): string[] {
  return words.map((word, index) => redactWord(word, words[index - 1]))
}

/** Such a name holds the name of an environment variable, which a reader looks for. */
const VARIABLE = /(?:_env|Env)$/
/** A language model's tokens are counted and priced. */
const COUNTED = /tokens/i
/** `--password`, whose value is the next word of a command. */
const OPTION = /^--?[\w-]+$/

/** A word of a command may be the value of the option before it. */
function redactWord(word: string, before: unknown): string {
  if (typeof before !== 'string' || !OPTION.test(before)) return redactText(word)
  if (NAMES_A_SECRET.test(before) && !word.startsWith('-')) return SECRET
  const option = `${before} `
  const both = redactText(`${option}${word}`)
  return both.startsWith(option) ? both.slice(option.length) : redactText(word)
}

function isSecret(name: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false
  return NAMES_A_SECRET.test(name) && !VARIABLE.test(name) && !(COUNTED.test(name) && areNumbers(value))
}

function areNumbers(value: unknown): boolean {
  return typeof value === 'number' || (isPlain(value) && Object.values(value).every((one) => typeof one === 'number'))
}

export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
