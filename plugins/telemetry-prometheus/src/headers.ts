import { SemantosError } from '@semantos/core'

const MASK = '[secret]'
/** A shorter word is no secret, and masking it would make every text unreadable. */
const SHORTEST_SECRET = 6

export interface Headers {
  readonly values: Readonly<Record<string, string>>
  /** A text without the values: what a server answers may repeat them. */
  readonly mask: (text: string) => string
}

/** The headers with their values from the environment. */
export function readHeaders(variables: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv): Headers {
  const values = Object.fromEntries(Object.entries(variables).map(([header, variable]) => [header, valueOf(header, variable, env[variable])]))
  const secrets = Object.values(values)
    .flatMap((value) => [value, ...value.split(/\s+/)])
    .filter((secret) => secret.length >= SHORTEST_SECRET)
  return { values, mask: (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), text) }
}

function valueOf(header: string, variable: string, value: string | undefined): string {
  const place = `headers_env.${header}`
  if (value === undefined || value === '') {
    throw new SemantosError('SEMANTOS_E_PLUGIN_OPTIONS', { message: `the environment variable ${variable} is not set`, place, next: `Set ${variable} to what the header ${header} is to hold.` })
  }
  if (!/^[\t\x20-\x7e]+$/.test(value)) {
    throw new SemantosError('SEMANTOS_E_PLUGIN_OPTIONS', { message: `the environment variable ${variable} holds characters that no header may hold`, place, next: `Remove line breaks and the like from ${variable}.` })
  }
  return value
}
