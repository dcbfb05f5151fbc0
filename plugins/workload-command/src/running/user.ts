import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { messageOf, SemantosError } from '@semantos/core'

/** Who a command runs as. */
export interface User {
  readonly uid: number
  readonly gid: number
}

/** Looks a user up by name or number, in whatever the host keeps its users in. */
export async function findUser(name: string): Promise<User> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (which) => Number((await promisify(execFile)('id', [which, '--', name])).stdout)))
    return { uid: uid ?? Number.NaN, gid: gid ?? Number.NaN }
  } catch (error) {
    throw new SemantosError('SEMANTOS_E_WORKLOAD', {
      message: `there is no user ${name}: ${messageOf(error)}`,
      place: 'workload, user',
      cause: error,
      next: 'Name a user of this host with the option user.',
    })
  }
}
