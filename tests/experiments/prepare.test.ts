import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { scratch, top } from '../cli/semantos.js'

const SOURCES = ['core/src/index.ts', 'packages/cli/src/semantos.ts', 'plugins/one/src/index.ts', 'plugins/one/package.json', 'scripts/bundle.mjs', 'tsconfig.base.json']
const INSTALLED = 'node_modules/.package-lock.json'
const BUILT = 'node_modules/.built'

/** A checkout whose npm writes down how it was called, and leaves what a whole install and a whole build leave. */
let checkout = ''
beforeEach(() => {
  checkout = scratch('checkout')
  for (const path of [...SOURCES, 'packages/plugin-kit/src/index.ts', 'packages/create-semantos-plugin/src/index.ts']) put(path)
  mkdirSync(join(checkout, 'experiments'))
  copyFileSync(join(top, 'experiments/prepare.sh'), join(checkout, 'experiments/prepare.sh'))
  put('bin/npm', `#!/bin/sh
echo "$*" >> calls
if [ "$1" = ci ]; then rm -rf node_modules; mkdir node_modules; touch ${INSTALLED}; else mkdir -p packages/cli/dist; touch packages/cli/dist/semantos.js ${BUILT}; fi
`, 0o755)
})

function put(path: string, text = '', mode = 0o644): void {
  mkdirSync(dirname(join(checkout, path)), { recursive: true })
  writeFileSync(join(checkout, path), text, { mode })
}

/** What is called when a script begins. */
function prepared(): string[] {
  rmSync(join(checkout, 'calls'), { force: true })
  execFileSync('bash', ['-c', 'source experiments/prepare.sh'], { cwd: checkout, stdio: 'pipe', env: { ...process.env, PATH: `${join(checkout, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` } })
  const calls = existsSync(join(checkout, 'calls')) ? readFileSync(join(checkout, 'calls'), 'utf8') : ''
  return [...calls.matchAll(/^(?:ci|run .*build)/gm)].map(([call]) => call)
}

const INSTALL = 'ci'
const BUILD = 'run --silent build'

test('a fresh checkout is installed and built, once', () => {
  expect(prepared()).toEqual([INSTALL, BUILD])
  expect(prepared()).toEqual([])
})

test('an install that was broken off begins again', () => {
  mkdirSync(join(checkout, 'node_modules'))
  expect(prepared()).toEqual([INSTALL, BUILD])
})

test.each([BUILT, 'packages/cli/dist/semantos.js'])('a build that has left no %s begins again', (path) => {
  prepared()
  rmSync(join(checkout, path))
  expect(prepared()).toEqual([BUILD])
})

test.each(SOURCES)('%s that is newer than the build is built', (path) => {
  prepared()
  const later = new Date(Date.now() + 5000)
  utimesSync(join(checkout, path), later, later)
  expect(prepared()).toEqual([BUILD])
})

test.each(['core/src/index.test.ts', 'packages/cli/dist/main.cjs', 'plugins/one/node_modules/two/src/index.ts', 'plugins/one/README.md'])('%s is nothing that is built from', (path) => {
  prepared()
  put(path)
  const later = new Date(Date.now() + 5000)
  utimesSync(join(checkout, path), later, later)
  expect(prepared()).toEqual([])
})

test('the real build leaves what tells that it is whole', () => {
  expect(existsSync(join(top, INSTALLED))).toBe(true)
  expect(existsSync(join(top, BUILT))).toBe(true)
})
