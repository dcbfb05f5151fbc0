// Checks every published package as npm would pack it: exports and types (publint, attw), and that its tarball holds them.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const scratch = mkdtempSync(join(tmpdir(), 'semantos-packages-'))
const packed = JSON.parse(execFileSync('npm', ['pack', '--workspaces', '--json', '--pack-destination', scratch], { stdio: ['ignore', 'pipe', 'ignore'] }))
const folders = ['core', ...['packages', 'plugins'].flatMap((group) => readdirSync(group).map((name) => join(group, name)))]
let failures = 0

for (const folder of folders) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { messages } = await publint({ pkgDir: folder, strict: true })
  for (const message of messages) {
    failures++
    console.error(`${manifest.name}: ${formatMessage(message, manifest)}`)
  }
  // A command exports nothing to resolve.
  if (Object.values(manifest.exports).every((target) => typeof target === 'string')) continue
  // The command requires core (its require condition); whoever has types imports it.
  const { filename } = packed.find(({ name }) => name === manifest.name)
  try {
    execFileSync(process.execPath, ['node_modules/@arethetypeswrong/cli/dist/index.js', join(scratch, filename), '--profile', 'esm-only', '--ignore-rules', 'false-esm', '--format', 'ascii'], { stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    failures++
    console.error(`${manifest.name}: ${error.stdout}`)
  }
}
rmSync(scratch, { recursive: true })
console.log(`${folders.length} packages checked, ${failures} problems`)
process.exitCode = failures === 0 ? 0 : 1
