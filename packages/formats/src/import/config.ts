import { formatValue } from '@semantos/core'
import { oneLine } from '../text.js'
import type { Imported, Setting } from './imported.js'

/** What a config of an import says about it. */
export interface About {
  /** Such as `tuned profile throughput-performance`. */
  readonly title: string
}

/** What reasoning-fixed takes for a knob. */
type Wanted = Setting['value'] | { readonly at_least: Setting['value'] } | { readonly at_most: Setting['value'] }

function wantedOf({ value, condition }: Setting): Wanted {
  if (condition === null) return value
  return condition === 'raise only' ? { at_least: value } : { at_most: value }
}

/** A value with its condition, as people write it. */
export function renderWanted({ value, condition }: Setting): string {
  const prefix = condition === null ? '' : condition === 'raise only' ? 'at least ' : 'at most '
  return `${prefix}${formatValue(value)}`
}

/** A config whose reasoner recommends these settings, as a TypeScript module. */
export function configModule({ settings, unmapped }: Imported, { title }: About): string {
  const values = settings.map((setting) => `      ${literal(setting.knob)}: ${wantedLiteral(setting)}, // ${oneLine(`${setting.source.file}:${setting.source.line}`)}`)
  const left = unmapped.map(({ key, value, reason, source }) => `//   ${oneLine(`${source.file}:${source.line}: ${key} = ${value}: ${reason}`)}`)
  return `import { defineConfig } from '@semantos/core'
import { host } from '@semantos/preset-host'
import fixed from '@semantos/reasoning-fixed'

// Imported from ${oneLine(title)}.
${left.length > 0 ? `// Not taken over:\n${left.join('\n')}\n` : ''}export default defineConfig({
  extends: host(),
  reasoning: fixed({
    rationale: ${literal(`imported from ${oneLine(title)}`.slice(0, 1000))},
    values: {
${values.join('\n')}
    },
  }),
})
`
}

/** The same config as JSON. */
export function configJson({ settings }: Imported, { title }: About): string {
  const values = Object.fromEntries(settings.map((setting) => [setting.knob, wantedOf(setting)]))
  const reasoning = { use: '@semantos/reasoning-fixed', options: { rationale: `imported from ${oneLine(title)}`.slice(0, 1000), values } }
  return `${JSON.stringify({ extends: '@semantos/preset-host', reasoning }, null, 2)}\n`
}

function wantedLiteral(setting: Setting): string {
  const { value, condition } = setting
  const text = typeof value === 'string' ? literal(value) : typeof value === 'number' ? String(value) : `[${value.join(', ')}]`
  if (condition === null) return text
  return `{ ${condition === 'raise only' ? 'at_least' : 'at_most'}: ${text} }`
}

/** A string in single quotes, as JavaScript reads it. */
function literal(text: string): string {
  const body = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${body.replace(/[\u2028\u2029]/g, (separator) => (separator === '\u2028' ? '\\u2028' : '\\u2029'))}'`
}
