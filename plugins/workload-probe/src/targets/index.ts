import { lookup } from 'node:dns/promises'
import { messageOf, SemantosError } from '@semantos/core'
import type { TargetOptions } from '../options.js'
import { httpTarget } from './http.js'
import { PostgresSession } from './postgres.js'
import { RedisSession } from './redis.js'
import { Sessions } from './sessions.js'
import type { Endpoint, Target } from './target.js'
import { tcpTarget } from './tcp.js'

export async function openTarget(options: TargetOptions): Promise<Target> {
  const endpoint = await resolve(addressOf(options))
  switch (options.kind) {
    case 'http':
      return httpTarget(options, endpoint)
    case 'tcp':
      return tcpTarget(endpoint)
    case 'redis': {
      const password = passwordFrom(options.password_env)
      return new Sessions(() => new RedisSession(endpoint, password), options.keep_alive)
    }
    case 'postgres': {
      const password = passwordFrom(options.password_env)
      return new Sessions(() => new PostgresSession(endpoint, options, password), options.keep_alive)
    }
  }
}

/** Whether connections last longer than a request. */
export function keepsAlive(options: TargetOptions): boolean {
  return options.kind !== 'tcp' && options.keep_alive
}

export function addressOf(options: TargetOptions): string {
  if (options.kind !== 'http') return options.address
  const { hostname, port, protocol } = new URL(options.url)
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`
}

async function resolve(address: string): Promise<Endpoint> {
  const colon = address.lastIndexOf(':')
  const name = address.slice(0, colon).replace(/^\[|\]$/g, '')
  try {
    // A service on localhost listens on IPv4 more often than not.
    const { address: host } = await lookup(name, { verbatim: false })
    return { host, port: Number(address.slice(colon + 1)) }
  } catch (error) {
    throw new SemantosError('SEMANTOS_E_WORKLOAD', { message: `there is no host ${name}: ${messageOf(error)}`, place: 'workload, target', cause: error, next: 'Correct the address of the target.' })
  }
}

function passwordFrom(variable: string | undefined): string | null {
  if (variable === undefined) return null
  const password = process.env[variable]
  if (password !== undefined) return password
  throw new SemantosError('SEMANTOS_E_WORKLOAD', { message: `the environment has no ${variable}`, place: 'workload, target.password_env', next: 'Set the variable to the password.' })
}
