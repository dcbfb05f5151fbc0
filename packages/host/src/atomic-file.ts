import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { messageOf, SemantosError } from '@semantos/core'
import { refuseLinksOfOthers } from './links-of-others.js'
import { isRoot, makeFolder } from './make-folder.js'

const BLOCK_BYTES = 64 * 1024

/** How a new file is written. */
export interface FileMode {
  /** Permission bits, before the umask. Without them, what root writes is readable for root alone. */
  readonly mode?: number
  /** Off for what a run can make again: nothing waits for the disk, and a power cut soon after may leave the file empty. */
  readonly durable?: boolean
}

/**
 * A file that appears under its name only when it is whole: written beside its place, flushed to the disk, and renamed.
 * Whoever reads meanwhile, or after a crash, sees the old file or the new one. A crash can leave the hidden `.NAME.*.tmp` behind.
 * Every failure is a SEMANTOS_E_WRITE_FAILED, and has removed the temporary file.
 */
export class AtomicFile {
  readonly #temporary: string
  readonly #durable: boolean
  #descriptor: number | null
  /** Written whole, and not named yet. */
  #finished = false
  #pending: Buffer[] = []
  #pendingBytes = 0

  /** Creates the folder where it is missing. */
  constructor(readonly path: string, { mode = isRoot() ? 0o600 : 0o644, durable = true }: FileMode = {}) {
    this.#durable = durable
    this.#temporary = temporaryBeside(path)
    this.#descriptor = attempt(path, () => {
      refuseLinksOfOthers(dirname(resolve(path)))
      makeFolder(dirname(path), (mode & 0o044) === 0 ? 0o700 : 0o777)
      return openSync(this.#temporary, 'wx', mode)
    })
  }

  /** Adds to the file; small pieces are gathered into blocks. */
  write(content: string | Uint8Array): void {
    const piece = Buffer.from(content)
    this.#pending.push(piece)
    this.#pendingBytes += piece.length
    if (this.#pendingBytes >= BLOCK_BYTES) this.#guarded((descriptor) => this.#flush(descriptor))
  }

  /** Gives the file its name. After this, only `discard` may be called, and does nothing. */
  commit(): void {
    this.finish()
    this.publish()
  }

  /** Puts all of it on the disk, so that nothing but the name is left to come. */
  finish(): void {
    this.#guarded((descriptor) => {
      this.#flush(descriptor)
      if (this.#durable) fsyncSync(descriptor)
    })
    this.#close()
    this.#finished = true
  }

  /** Gives a finished file its name. */
  publish(): void {
    if (!this.#finished) throw failure(this.path, new Error('it is not finished'))
    try {
      renameSync(this.#temporary, this.path)
      this.#finished = false
      if (this.#durable) syncFolder(dirname(this.path))
    } catch (error) {
      this.discard()
      throw failure(this.path, error)
    }
  }

  /** Drops what was written; the file under the name stays as it was. */
  discard(): void {
    if (this.#descriptor === null && !this.#finished) return
    this.#close()
    this.#finished = false
    rmSync(this.#temporary, { force: true })
  }

  #flush(descriptor: number): void {
    writeFileSync(descriptor, Buffer.concat(this.#pending))
    this.#pending = []
    this.#pendingBytes = 0
  }

  #guarded(write: (descriptor: number) => void): void {
    const descriptor = this.#descriptor
    if (descriptor === null) throw failure(this.path, new Error('an earlier write failed, or the file is finished'))
    try {
      write(descriptor)
    } catch (error) {
      this.discard()
      throw failure(this.path, error)
    }
  }

  #close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
  }
}

/** Writes a whole file at once, atomically. */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode: FileMode = {}): void {
  fileOf(path, content, mode).commit()
}

/** A file with this content, still without its name. */
export function fileOf(path: string, content: string | Uint8Array, mode: FileMode = {}): AtomicFile {
  const file = new AtomicFile(path, mode)
  file.write(content)
  return file
}

/**
 * Fails now as a later write of `path` would, and leaves nothing behind, not even a folder: writes and removes a block
 * in the nearest folder that exists. So a run can refuse before it has changed anything.
 */
export function checkWritable(path: string): void {
  attempt(path, () => {
    if (existsSync(path) && statSync(path).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
    let folder = dirname(resolve(path))
    while (!existsSync(folder)) folder = dirname(folder)
    const probe = temporaryBeside(join(folder, basename(path)))
    try {
      writeFileSync(probe, Buffer.alloc(4096), { flag: 'wx' })
    } finally {
      rmSync(probe, { force: true })
    }
  })
}

/** Unique among processes and among the writes of one. */
function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${process.hrtime.bigint()}.tmp`)
}

/** Makes the rename itself survive a power cut. Some file systems cannot flush a folder and say EINVAL. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } catch (error) {
    if (codeOf(error) !== 'EINVAL') throw error
  } finally {
    closeSync(descriptor)
  }
}

function attempt<T>(path: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    throw failure(path, error)
  }
}

const REASONS: Readonly<Record<string, { reason: string; next: string }>> = {
  ENOSPC: { reason: 'the disk is full', next: 'Free space on this disk, or name a folder on another one, and run again.' },
  EDQUOT: { reason: 'the disk quota is used up', next: 'Free space under the quota, or name another folder, and run again.' },
  EROFS: { reason: 'the file system is mounted read-only', next: 'Name a folder on a writable file system and run again.' },
  EACCES: { reason: 'permission denied', next: 'Make the folder writable for this user, or name another one, and run again.' },
  EPERM: { reason: 'the operation is not permitted', next: 'Check the attributes of the file and its folder (lsattr), and run again.' },
  ENOTDIR: { reason: 'a part of the path is a file, not a folder', next: 'Name another folder, or move that file away, and run again.' },
  EEXIST: { reason: 'a part of the path is a file, not a folder', next: 'Name another folder, or move that file away, and run again.' },
  ELOOP: { reason: 'a part of the path is a link of another user', next: 'Remove the link, or name another folder, and run again.' },
  EISDIR: { reason: 'there is a folder of that name', next: 'Name another file, or move the folder away, and run again.' },
}

function failure(path: string, error: unknown): SemantosError {
  const code = codeOf(error)
  const known = REASONS[code]
  const reason = known ? `${known.reason} (${code})` : messageOf(error)
  return new SemantosError('SEMANTOS_E_WRITE_FAILED', {
    message: `cannot write ${path}: ${reason}`,
    place: path,
    cause: error,
    ...(known && { next: known.next }),
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
