/** What a secret is replaced by. */
export const SECRET = '[secret]'

/** A name that speaks of a secret. */
export const NAMES_A_SECRET = /key|token|secret|passw|passphrase|credential|authorization|cookie|licen[cs]e|pwd|dsn$/i

/** What a secret looks like wherever it stands. Every repetition is bounded, so that no text takes long. */
const LOOKS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^"]{0,8000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|(?="|$))/g,
  /\beyJ[\w-]{8,2000}\.[\w-]{8,4000}(?:\.[\w-]{0,2000})?/g, // JWT
  /\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[0-9A-Z]{16}\b/g, // AWS
  /\b(?:gh[pousr]_|github_pat_|glpat-|hf_|npm_|AIza|xox[abeoprs]-|sk-|pk-|rk_live_|sk_live_)[\w-]{16,300}/g,
]

/** Long, with digits and both cases, and no part of a path. */
const RANDOM = /(?<![\w/.~+-])(?=[\w+/-]{0,200}\d)(?=[\w+/-]{0,200}[a-z])(?=[\w+/-]{0,200}[A-Z])[\w+][\w+/-]{39,200}={0,2}/g

/** The value of an assignment: in quotes, or up to the next character that ends a word. Bare JSON numbers and words stay, so that JSON remains JSON. */
const VALUE = /(?:'[^'"\\\n]{1,500}'|"[^"'\\,;:&{}\n]{3,500}"|"?(?!-?[\d.eE+]+\s{0,3}[,}\]]|true\b|false\b|null\b|\[)[^\s"'\\,;&{}]{3,2000})/.source
const NAME = '(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|licen[cs]e)'

/** Where one stands: group 1 stays, the rest is the secret. */
const PLACES: readonly RegExp[] = [
  /([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"\\]{1,300}(?=@)/gi, // user:password@ of an address
  /((?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:Bearer|Basic|Token|Digest|ApiKey) {1,3})?)[^\s"'\\,;&{}[]{3,2000}/gi,
  /(\bBearer )[\w.~+/=-]{6,2000}/gi,
  /(\bBasic )[\w.~+/=-]{8,2000}/gi,
  /(\bcookie["']?\s{0,3}:\s{0,3}["']?)[^"'\\{}\r\n[]{3,2000}/gi,
  new RegExp(`(\\b[\\w.-]{0,40}${NAME}[\\w-]{0,20}"?\\s{0,3}[=:]\\s{0,3})${VALUE}`, 'gi'), // password=…, "api_key": "…"
  new RegExp(`(\\b[A-Z][A-Z0-9_]{0,40}_(?:KEY|PWD|AUTH|PASS|PAT|DSN)=)${VALUE}`, 'g'), // MYSQL_PWD=… of a shell
  new RegExp(`(\\b(?:pass|pwd)=)${VALUE}`, 'gi'), // user=me pass=… of a connection
  new RegExp(`((?:^|\\s)--?[\\w-]{0,40}${NAME}[\\w-]{0,20}\\s{1,3})(?!-)${VALUE}`, 'gi'), // --password …
  /((?:^|\s)-p)(?!\d+(?:\s|$))[^\s"'\\,;&{}[=-][^\s"'\\,;&{}]{2,200}/g, // -pPASSWORD of the MySQL clients
  /((?:^|\s)(?:-u|--user)[ =]["']?[^\s:'"\\]{1,100}:)[^\s'"\\[]{1,500}/g, // curl -u user:password
  /(\bredis-(?:cli|benchmark)\b[^\n|;&"\\]{0,300}?\s-a\s{1,3}["']?)[^\s'"\\[]{1,500}/g,
]

/** `?token=…` of an address, by the name of its parameter. */
const PARAMETER = /([?&;]([^\s=&;?#"'\\]{1,100})=)(?!\[)[^\s&;#'"\\]{1,2000}/g

/** Replaces the secrets in a text. */
export type Redact = (text: string) => string

/** Replaces what looks like a secret in a text, and secrets that are known, such as the key in use. */
export function redactor(known: readonly string[]): Redact {
  const exact = known.filter((secret) => secret.length >= 4)
  return (text) => redactText(exact.reduce((rest, secret) => rest.replaceAll(secret, SECRET), text))
}

/** The same text with what looks like a secret as `[secret]`: the value goes, its name stays. JSON remains JSON. */
export function redactText(text: string): string {
  let redacted = text
  for (const pattern of LOOKS) redacted = redacted.replace(pattern, SECRET)
  for (const pattern of PLACES) redacted = redacted.replace(pattern, replaced)
  redacted = redacted.replace(PARAMETER, (whole, before: string, name: string) => (NAMES_A_SECRET.test(name) ? `${before}${SECRET}` : whole))
  return redacted.replace(RANDOM, SECRET)
}

/** Quotes around a value stay. */
function replaced(whole: string, before: string): string {
  const value = whole.slice(before.length)
  const opening = /^["']/.exec(value)?.[0] ?? ''
  const closing = opening !== '' && value.length > 1 && value.endsWith(opening) ? opening : ''
  return `${before}${opening}${SECRET}${closing}`
}
