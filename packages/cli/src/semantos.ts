#!/usr/bin/env node
import { Console } from 'node:console'
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { cacheFolder } from '@semantos/engine/cache-folder'
import { runCompiled } from './compiled.js'
import { tell } from './print.js'

interface Caching {
  enableCompileCache(folder: string): unknown
}

interface Program {
  main(argv: readonly string[]): Promise<number>
}

const argv = process.argv.slice(2)
const HELP: ReadonlySet<string> = new Set(['--help', '-h', '--version', '-V', 'help', 'completion'])
const requireHere = nodeModule.createRequire(import.meta.url)
const mainFile = join(import.meta.dirname, 'main.cjs')
// Beside what @semantos/core exports, which plugins share with this command.
const coreFile = join(dirname(requireHere.resolve('@semantos/core')), 'core.cjs')

// A run is short and a tune mostly waits. The young generation stays as small as it begins, code is optimized when it has run fifteen times as
// much as V8 waits for, and the heap is not compacted while a workload is measured: less memory, and half of the CPU while trials run.
// V8 has no --interrupt-budget from 12 on (Node 22), and says so on stderr where it is given.
const v8Major = Number(process.versions.v8.split('.')[0])
for (const flag of ['--semi-space-growth-factor=1', ...(v8Major < 12 ? ['--interrupt-budget=1000000'] : []), '--no-memory-reducer']) setFlagsFromString(flag)

/** What V8 has compiled is kept for the next start, which is then a fifth faster: by Node itself from 22 on. */
const folder = cacheFolder(import.meta.dirname)
let keepCompiled: readonly (() => void)[] = []
if (folder !== false) {
  if (isCaching(nodeModule)) nodeModule.enableCompileCache(join(folder, 'compiled'))
  else keepCompiled = [coreFile, mainFile].map((file) => runCompiled(file, join(folder, 'compiled')))
}

// Stdout is for results: what a plugin prints must not stand in front of a JSON document.
globalThis.console = new Console(process.stderr)

process.stdout.on('error', (error: Error) => {
  // A reader that has seen enough, such as head, is no failure.
  if (!('code' in error && error.code === 'EPIPE')) throw error
})

const program: unknown = requireHere(mainFile)
if (!isProgram(program)) throw new Error(`${mainFile} is not the program that this command belongs to; install semantos again`)
process.exitCode = await program.main(argv)
// A command that only prints its help has compiled too little to be of use to the others.
if (!argv.some((word) => HELP.has(word))) for (const keep of keepCompiled) keep()

/** How long what was closed may take to end. */
const PATIENCE_MS = 1000
setTimeout(() => {
  const open = process.getActiveResourcesInfo().filter((name) => !/^(?:TTY|Pipe)Wrap$/.test(name))
  tell(`semantos: done, and ended by force: a plugin has left something open (${[...new Set(open)].join(', ')}); its author closes it in hooks.dispose\n`)
  process.exit()
}, PATIENCE_MS).unref()

function isCaching(module: object): module is Caching {
  return 'enableCompileCache' in module && typeof module.enableCompileCache === 'function'
}

function isProgram(module: unknown): module is Program {
  return typeof module === 'object' && module !== null && 'main' in module && typeof module.main === 'function'
}
