import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const top = fileURLToPath(new URL('../..', import.meta.url))
export const bin = join(top, 'packages', 'cli', 'dist', 'semantos.js')

/** Options of a workload in a test: it runs as root where the tests do, and that is meant. */
export const AS_TESTED = process.getuid?.() === 0 ? { user: 'root' } : {}

export interface Ended {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command line in a folder. */
export function semantos(cwd: string, ...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...words], { cwd, env: process.env }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr })
    })
  })
}

/** A folder of its own inside the workspace's reach, so that a config in it finds the packages. */
export function workspace(name: string): string {
  const cache = join(top, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  return removedAtExit(mkdtempSync(join(cache, `${name}-`)))
}

export function scratch(name: string): string {
  return removedAtExit(mkdtempSync(join(tmpdir(), `semantos-${name}-`)))
}

const made: string[] = []
process.on('exit', () => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function removedAtExit(folder: string): string {
  made.push(folder)
  return folder
}

/** Everything below a folder, files with a hash of what is in them: what a command that must change nothing is held to. */
export function tree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => (statSync(join(folder, path)).isDirectory() ? `${path}/` : `${path} ${hashOf(join(folder, path))}`))
    .sort()
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
