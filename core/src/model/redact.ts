/** The same value with its secrets as `***`: what stands under a name that speaks of one, and what an address carries. */
export function masked(value: unknown, name = ''): unknown {
  if (isSecret(name, value)) return MASK
  if (typeof value === 'string') return maskedAddresses(value)
  if (Array.isArray(value)) return value.map((item) => masked(item))
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, key)]))
  return value
}

const MASK = '***'
const SECRET = /key|token|secret|passw|passphrase|credential|authorization|cookie/i
/** Such a name holds the name of an environment variable, and is what somebody looks for. */
const VARIABLE = /(?:_env|Env)$/
/** A language model's tokens are counted and priced. */
const COUNTED = /tokens/i

function isSecret(name: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false
  return SECRET.test(name) && !VARIABLE.test(name) && !(COUNTED.test(name) && areNumbers(value))
}

function areNumbers(value: unknown): boolean {
  return typeof value === 'number' || (isPlain(value) && Object.values(value).every((one) => typeof one === 'number'))
}

/** `http://user:password@host/?token=…`, anywhere in a text. */
function maskedAddresses(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi, `$1${MASK}@`)
    .replace(/([?&;]([^\s=&;?#]+)=)[^\s&;#'"]+/g, (whole, before: string, name: string) => (SECRET.test(name) ? `${before}${MASK}` : whole))
}

export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
