import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ended, bin } from './semantos.js'

/** False where this user may not mount a file system in a mount namespace of its own. */
export const mayMount = canMount()

/** A file system of a few blocks, mounted where nobody outside its mount namespace sees it. */
export interface SmallDisk extends Disposable {
  /** The way to a path of that namespace from here. */
  at(path: string): string
  /** Writes until nothing more fits. */
  fill(): void
  /** Runs the command line in that namespace. */
  semantos(cwd: string, ...words: string[]): Promise<Ended>
}

export async function smallDisk(folder: string, blocks: number): Promise<SmallDisk> {
  mkdirSync(folder)
  // cat keeps the namespace alive until its input ends.
  const script = `mount -t tmpfs -o size=${blocks * BLOCK_BYTES} none "$1" && echo mounted && exec cat`
  const holder = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => resolve())
    holder.once('close', () => reject(new Error(`cannot mount a file system at ${folder}`)))
  })
  const at = (path: string) => `/proc/${holder.pid}/root${path}`
  return {
    at,
    fill: () => fill(at(join(folder, 'fill'))),
    semantos: (cwd, ...words) => inside(`/proc/${holder.pid}/ns/mnt`, cwd, words),
    [Symbol.dispose]: () => void holder.stdin.end(),
  }
}

const BLOCK_BYTES = 4096

function fill(file: string): void {
  const block = Buffer.alloc(BLOCK_BYTES)
  try {
    for (;;) writeFileSync(file, block, { flag: 'a' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  }
}

function inside(namespace: string, cwd: string, words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile('nsenter', [`--mount=${namespace}`, `--wd=${cwd}`, process.execPath, bin, ...words], (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr })
    })
  })
}

function canMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs none /mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
