import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { messageOf, SemantosError } from '@semantos/core'

/** Who a command runs as. */
export interface User {
  readonly uid: number
  readonly gid: number
  readonly name: string
  readonly home: string
}

/** What every command needs, and nothing of the environment of the user who started this: that may hold keys and passwords. */
export function environmentOf({ name, home }: User, temporary: string): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([variable]) => /^(?:LANG|LANGUAGE|LC_\w+|TZ|TERM)$/.test(variable)))
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  return { ...kept, PATH: path, HOME: home, USER: name, LOGNAME: name, SHELL: '/bin/sh', TMPDIR: temporary }
}

/** Looks a user up by name or number, in whatever the host keeps its users in. */
export async function findUser(name: string): Promise<User> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (which) => Number((await promisify(execFile)('id', [which, '--', name])).stdout)))
    return { uid: uid ?? Number.NaN, gid: gid ?? Number.NaN, ...(await entryOf(name)) }
  } catch (error) {
    throw new SemantosError('SEMANTOS_E_WORKLOAD', {
      message: `there is no user ${name}: ${messageOf(error)}`,
      place: 'workload, user',
      cause: error,
      next: 'Name a user of this host with the option user.',
    })
  }
}

/** Name and home by the user database; a number without an entry has neither. */
async function entryOf(name: string): Promise<{ readonly name: string; readonly home: string }> {
  try {
    const [entry = '', , , , , home = ''] = (await promisify(execFile)('getent', ['passwd', '--', name])).stdout.split(':')
    return { name: entry === '' ? name : entry, home: home.startsWith('/') ? home : '/' }
  } catch {
    return { name, home: '/' }
  }
}
