// Checks every published package as npm would pack it: exports and types (publint, attw), that its tarball holds them, and that the
// libraries bundled into it are in its bill of materials and its notices.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { NOTICES, SBOM } from './bundled-libraries.mjs'

const scratch = mkdtempSync(join(tmpdir(), 'semantos-packages-'))
const packed = JSON.parse(execFileSync('npm', ['pack', '--workspaces', '--json', '--pack-destination', scratch], { stdio: ['ignore', 'pipe', 'ignore'] }))
const folders = ['core', ...['packages', 'plugins'].flatMap((group) => readdirSync(group).map((name) => join(group, name)))]
// The command requires core's CommonJS file, to share it with plugins; its types are those of the module, which is what plugins import.
const REQUIRED_BY_THE_COMMAND = '@semantos/core'
let failures = 0

for (const folder of folders) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { messages } = await publint({ pkgDir: folder, strict: true })
  for (const message of messages) {
    failures++
    console.error(`${manifest.name}: ${formatMessage(message, manifest)}`)
  }
  const { filename } = packed.find(({ name }) => name === manifest.name)
  for (const problem of bundledProblems(manifest.name, filename)) {
    failures++
    console.error(`${manifest.name}: ${problem}`)
  }
  // A command exports nothing to resolve.
  if (Object.values(manifest.exports).every((target) => typeof target === 'string')) continue
  const ignored = manifest.name === REQUIRED_BY_THE_COMMAND ? ['--ignore-rules', 'false-esm'] : []
  try {
    execFileSync(process.execPath, ['node_modules/@arethetypeswrong/cli/dist/index.js', join(scratch, filename), '--profile', 'esm-only', '--format', 'ascii', ...ignored], { stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    failures++
    console.error(`${manifest.name}: ${error.stdout}`)
  }
}
rmSync(scratch, { recursive: true })
console.log(`${folders.length} packages checked, ${failures} problems`)
process.exitCode = failures === 0 ? 0 : 1

/** Prints what a tarball's bundle holds, by the names that esbuild leaves above each file, and returns what is not declared or not there. */
function bundledProblems(name, tarball) {
  const folder = join(scratch, tarball.replace(/\.tgz$/, ''))
  mkdirSync(folder)
  execFileSync('tar', ['-xzf', join(scratch, tarball), '-C', folder, '--strip-components=1'])
  const dist = join(folder, 'dist')
  const code = readdirSync(dist, { recursive: true }).filter((file) => /\.[cm]?js$/.test(file))
  const text = code.map((file) => readFileSync(join(dist, file), 'utf8')).join('\n')
  const found = new Set([...text.matchAll(/^ *\/\/ .*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\/\S+$/gm)].map(([, library]) => library))
  const [notices, sbom] = [NOTICES, SBOM].map((file) => (existsSync(join(dist, file)) ? readFileSync(join(dist, file), 'utf8') : ''))
  const components = sbom === '' ? [] : JSON.parse(sbom).components
  if (components.length > 0) console.log(`${name} bundles ${components.map((part) => `${part.name} ${part.version}`).join(', ')}`)
  return [
    ...[...found].filter((library) => !components.some((part) => part.name === library)).map((library) => `${library} is bundled and missing in dist/${SBOM}`),
    ...components.filter((part) => !found.has(part.name)).map((part) => `${part.name} is in dist/${SBOM} and not bundled`),
    ...components.filter((part) => !notices.includes(`\n${part.name} ${part.version} (`)).map((part) => `${part.name} is missing in dist/${NOTICES}`),
  ]
}
