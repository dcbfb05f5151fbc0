import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type TapWatch, byPlugin } from './by-plugin.js'

/** The functions of node:fs that change a file system, and which of their arguments are the paths they change. */
const CHANGING: Readonly<Record<string, readonly number[]>> = {
  appendFile: [0], chmod: [0], chown: [0], copyFile: [1], cp: [1], link: [1], mkdir: [0], mkdtemp: [0], open: [0], rename: [0, 1], rm: [0], rmdir: [0], symlink: [1],
  truncate: [0], unlink: [0], utimes: [0], writeFile: [0],
}

/** The cgroup of a workload's processes, which the host's file helpers make and remove. */
const TRIAL_CGROUP = /^\/sys\/fs\/cgroup\/(?:.*\/)?semantos-\d+-\d+(?:\/cgroup\.(?:procs|kill|freeze)|\/freezer\.state)?$/

/**
 * Every path that a plugin changes through node:fs while this is enabled. Native code and child processes are not seen;
 * what they do to the root and to the config's folder is found by comparing those.
 */
export class WriteLog implements Disposable {
  readonly #paths = new Set<string>()
  readonly #restore: (() => void)[] = []

  constructor(readonly taps: TapWatch) {
    for (const [name, at] of Object.entries(CHANGING)) {
      for (const suffix of ['', 'Sync']) this.#replace(fs, `${name}${suffix}`, at)
      this.#replace(fs.promises, name, at)
    }
    syncBuiltinESMExports()
  }

  /** Paths outside the folders where a plugin may write: the config's, and the system's for temporary files without the root. */
  outside({ root, base }: { readonly root: string; readonly base: string }): readonly string[] {
    const mayWrite = (path: string) => isBelow(path, base) || (isBelow(path, tmpdir()) && !isBelow(path, root)) || path === '/dev/null' || TRIAL_CGROUP.test(path)
    return [...this.#paths].filter((path) => !mayWrite(path))
  }

  get paths(): readonly string[] {
    return [...this.#paths]
  }

  [Symbol.dispose](): void {
    for (const restore of this.#restore) restore()
    syncBuiltinESMExports()
  }

  #replace(owner: object, name: string, at: readonly number[]): void {
    const original: unknown = Reflect.get(owner, name)
    if (typeof original !== 'function') return
    Reflect.set(owner, name, (...args: unknown[]): unknown => {
      if (byPlugin.getStore() === this.taps && !(name.startsWith('open') && isForReading(args[1]))) for (const index of at) this.#note(args[index])
      const result: unknown = Reflect.apply(original, owner, args)
      return result
    })
    this.#restore.push(() => Reflect.set(owner, name, original))
  }

  /** Some functions take a descriptor as well: whoever opened it has been seen. */
  #note(path: unknown): void {
    if (typeof path === 'string') this.#paths.add(resolve(path))
    else if (path instanceof URL) this.#paths.add(fileURLToPath(path))
    else if (Buffer.isBuffer(path)) this.#paths.add(resolve(path.toString()))
  }
}

function isForReading(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR | fs.constants.O_CREAT)) === 0
  return typeof flags !== 'string' || flags === 'r' || flags === 'rs'
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}
