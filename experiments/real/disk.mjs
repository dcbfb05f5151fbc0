import { execFileSync } from 'node:child_process'

const answer = (program, ...words) => execFileSync(program, words, { encoding: 'utf8' }).trim().split('\n')[0] ?? ''

/** The disk on which a folder is, such as `vda`. */
export function disk(folder) {
  const source = answer('findmnt', '-no', 'SOURCE', '-T', folder)
  return answer('lsblk', '-no', 'PKNAME', source) || source.replace(/^\/dev\//, '')
}
