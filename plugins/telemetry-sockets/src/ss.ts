import { execFile } from 'node:child_process'
import { messageOf } from '@semantos/core'
import { type SocketInfo, socketOf } from './socket.js'

const LIMIT_MS = 5000
const LARGEST_BYTES = 256 * 1024 * 1024

/** The connections of this network namespace, or why they cannot be had. */
export function lookAtSockets(program: string): Promise<readonly SocketInfo[] | string> {
  return new Promise((resolve) => {
    execFile(program, ['-tinpOH', 'state', 'connected'], { timeout: LIMIT_MS, maxBuffer: LARGEST_BYTES }, (error, stdout) => {
      if (error) resolve(`${program} failed: ${messageOf(error).split('\n')[0] ?? ''}`)
      else resolve(stdout.split('\n').flatMap((line) => socketOf(`ESTAB ${line.replace(/^[A-Z][A-Z0-9-]+ +/, '').trimStart()}`) ?? []))
    })
  })
}
