import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify, stripVTControlCharacters } from 'node:util'

export const top = fileURLToPath(new URL('../..', import.meta.url))

/**
 * A folder for plugins of strangers, with what `npm install` would leave above them: our packages as npm packs them, and
 * libraries from the workspace, so that no network is needed.
 */
export class Outside {
  readonly folder = mkdtempSync(join(tmpdir(), 'semantos-outside-'))

  constructor() {
    const tarballs = join(this.folder, 'tarballs')
    mkdirSync(tarballs)
    execFileSync('npm', ['run', '--silent', 'tarballs', '--', tarballs], { cwd: top, stdio: 'ignore' })
    for (const tarball of readdirSync(tarballs)) {
      const name = tarball.replace(/-\d[^/]*$/, '')
      const target = this.#module(name.startsWith('semantos-') ? `@semantos/${name.slice('semantos-'.length)}` : name)
      mkdirSync(target, { recursive: true })
      execFileSync('tar', ['-xzf', join(tarballs, tarball), '-C', target, '--strip-components=1'])
    }
    for (const library of ['zod', 'jiti', 'typescript', '@types/node', 'undici-types']) link(join(top, 'node_modules', library), this.#module(library))
    link(this.#module('typescript/bin/tsc'), this.#module('.bin/tsc'))
    link(this.#module('semantos/dist/semantos.js'), this.#module('.bin/semantos'))
    link(this.#module('create-semantos-plugin/dist/create-semantos-plugin.js'), this.#module('.bin/create-semantos-plugin'))
  }

  /** An example of this repository, copied out of it. */
  copy(example: string): string {
    const folder = join(this.folder, example)
    cpSync(join(top, 'examples', example), folder, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) })
    return folder
  }

  /** Runs an installed program in a folder, and returns what it prints; fails as it fails. */
  async run(folder: string, program: string, ...words: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [this.#module(join('.bin', program)), ...words], { cwd: folder, maxBuffer: 2 ** 26 })
    return stdout
  }

  /** `npm test`, as its author would; returns what node:test prints, also where a test fails. */
  test(folder: string): Promise<string> {
    return new Promise((resolve) => void execFile('npm', ['test'], { cwd: folder, maxBuffer: 2 ** 26 }, (_error, stdout) => resolve(stripVTControlCharacters(stdout))))
  }

  #module(path: string): string {
    return join(this.folder, 'node_modules', path)
  }
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}
