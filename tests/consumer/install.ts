import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const top = fileURLToPath(new URL('../..', import.meta.url))

/** Every package of the workspace as npm packs it, unpacked once for all folders of a test file. */
export function packedPackages(): string {
  const folder = mkdtempSync(join(tmpdir(), 'semantos-packed-'))
  execFileSync('npm', ['pack', '--workspaces', '--silent', '--pack-destination', folder], { cwd: top, stdio: 'ignore' })
  for (const tarball of readdirSync(folder).filter((name) => name.endsWith('.tgz'))) {
    const name = tarball.replace(/-\d[^/]*$/, '')
    const target = join(folder, 'node_modules', name.startsWith('semantos-') ? `@semantos/${name.slice('semantos-'.length)}` : name)
    mkdirSync(target, { recursive: true })
    execFileSync('tar', ['-xzf', join(folder, tarball), '-C', target, '--strip-components=1'])
  }
  return folder
}

/** What `npm install` would leave in a plugin's folder: our packages from their tarballs, libraries from the workspace, so that no network is needed. */
export function install(packed: string, folder: string, own: string): void {
  const modules = join(folder, 'node_modules')
  cpSync(join(packed, 'node_modules', '@semantos'), join(modules, '@semantos'), { recursive: true })
  for (const library of ['zod', 'jiti', 'typescript', '@types/node', 'undici-types']) link(join(top, 'node_modules', library), join(modules, library))
  // So that a config beside the plugin finds it by its name.
  link(folder, join(modules, own))
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}
