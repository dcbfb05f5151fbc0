const MASK = '[secret]'

/** What a key looks like wherever it stands. Every repetition is bounded, so that no text takes long. */
const KEYS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^"]{0,8000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|(?="|$))/g,
  /\beyJ[\w-]{8,2000}\.[\w-]{8,4000}(?:\.[\w-]{0,2000})?/g, // JWT
  /\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[0-9A-Z]{16}\b/g, // AWS
  /\b(?:gh[pousr]_|github_pat_|glpat-|hf_|npm_|AIza|xox[abeoprs]-|sk-|pk-|rk_live_|sk_live_)[\w-]{16,300}/g,
  /(?<=:\/\/)[^\s/@:"'\\]{0,100}:[^\s/@"'\\]{1,200}(?=@)/g, // user:password@ of an address
  /(?<=\b(?:Bearer|Basic) )[\w.~+/=-]{8,2000}/gi,
]

/** `password=…`, `"api_key": "…"`: the value goes, the name stays. Bare JSON numbers and words stay, so that JSON remains JSON. */
const NAMED =
  /\b([\w.-]{0,40}(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)[\w-]{0,20}"?\s{0,3}[=:]\s{0,3}"?)(?!-?[\d.eE+]+\s{0,3}[,}\]]|true\b|false\b|null\b|\[)[^\s"'\\,;&{}]{3,2000}/gi

/** Long, with digits and both cases: a key by its looks. */
const RANDOM_LOOKING = /\b(?=[\w+/-]{0,200}\d)(?=[\w+/-]{0,200}[a-z])(?=[\w+/-]{0,200}[A-Z])[\w+/-]{40,200}={0,2}/g

export type Redact = (text: string) => string

/** Masks secrets in a text: those known (the key in use), and whatever looks like one. */
export function redactor(known: readonly string[]): Redact {
  const exact = known.filter((secret) => secret.length >= 4)
  return (text) => {
    let masked = exact.reduce((rest, secret) => rest.replaceAll(secret, MASK), text)
    for (const pattern of KEYS) masked = masked.replace(pattern, MASK)
    return masked.replace(NAMED, `$1${MASK}`).replace(RANDOM_LOOKING, MASK)
  }
}
