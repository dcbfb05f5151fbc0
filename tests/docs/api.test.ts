import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const top = fileURLToPath(new URL('../..', import.meta.url))
const sample = mkdtempSync(join(tmpdir(), 'semantos-api-'))
afterAll(() => rmSync(sample, { recursive: true }))

/** What the reference covers. */
const PACKAGES = [['core', 'core'], ['plugin-kit', 'packages/plugin-kit']] as const

/** What the check of the reference says of a house, without colours; nothing is written. */
function check(house: string): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(top, 'node_modules/typedoc/bin/typedoc'), '--treatValidationWarningsAsErrors', '--emit', 'none', '--logLevel', 'Warn'], {
    cwd: house, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' },
  })
  return { status, said: stdout + stderr }
}

test('every exported symbol of core and plugin-kit has a docstring, and every link in them leads somewhere', { timeout: 600_000 }, () => {
  expect(check(top)).toEqual({ status: 0, said: '' })
})

test('a symbol without a docstring, a broken link and a type that is left out are refused', { timeout: 600_000 }, () => {
  const text = `interface Hidden { readonly x: number }
export const bare = 1
/** See {@link nowhere}. */
export const linked = 2
/** Takes what nobody can look up. */
export function hides(hidden: Hidden): number { return hidden.x }
`
  for (const file of ['typedoc.json', 'tsconfig.base.json']) copyFileSync(join(top, file), join(sample, file))
  symlinkSync(join(top, 'node_modules'), join(sample, 'node_modules'))
  writeFileSync(join(sample, 'package.json'), '{}')
  for (const [name, folder] of PACKAGES) {
    mkdirSync(join(sample, folder, 'src'), { recursive: true })
    writeFileSync(join(sample, folder, 'package.json'), JSON.stringify({ name: `@semantos/${name}`, type: 'module' }))
    writeFileSync(join(sample, folder, 'tsconfig.json'), JSON.stringify({ extends: `${'../'.repeat(folder.split('/').length)}tsconfig.base.json`, include: ['src'] }))
    writeFileSync(join(sample, folder, 'typedoc.json'), JSON.stringify({ entryPoints: ['src/index.ts'] }))
    writeFileSync(join(sample, folder, 'src/index.ts'), text)
  }
  const { status, said } = check(sample)
  expect(status).not.toBe(0)
  for (const [name] of PACKAGES) {
    expect(said).toContain(`bare (Variable), defined in @semantos/${name}/src/index.ts, does not have any documentation`)
    expect(said).toContain(`Hidden, defined in @semantos/${name}/src/index.ts, is referenced by hides.hidden but not included`)
  }
  expect(said).toContain('Failed to resolve link to "nowhere"')
})
