import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'

type Wrapper = (exports: unknown, require: NodeJS.Require, module: NodeJS.Module, filename: string, dirname: string) => void

/**
 * Runs a CommonJS file as require() does, and leaves it to be found by require(), with what V8 compiled of it in an earlier process:
 * Node 20 has no compile cache of its own. Returns what keeps the compiled form for the next process, lazily compiled functions
 * included. The file must be ASCII, and import() does not work in it.
 */
export function runCompiled(file: string, folder: string): () => void {
  const text = readFileSync(file)
  // V8 itself looks at the length of a text only, and keeps the name of the file for its stack traces.
  const kept = join(folder, `${createHash('sha1').update(file).update(text).digest('hex')}-${process.version}-${process.arch}`)
  const cachedData = readTrusted(kept, file)
  const script = new Script(Module.wrap(text.toString('latin1')), { filename: file, ...(cachedData && { cachedData }) })
  const require = createRequire(file)
  const module = new Module(file)
  module.filename = file
  require.cache[file] = module
  const wrapper: unknown = script.runInThisContext()
  if (isWrapper(wrapper)) wrapper(module.exports, require, module, file, dirname(file))
  module.loaded = true
  return () => {
    if (script.cachedDataRejected !== false) writeIfAllowed(kept, script.createCachedData())
  }
}

/** Bytecode is code: only that of who runs this, or of who owns the program, is run. */
function readTrusted(kept: string, program: string): Buffer | null {
  try {
    const owner = statSync(kept).uid
    return owner === process.getuid?.() || owner === statSync(program).uid ? readFileSync(kept) : null
  } catch {
    return null
  }
}

/** The next start is slower without it, and that is all. */
function writeIfAllowed(path: string, compiled: Buffer): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    // Not the host's atomic file: that would load core before what V8 compiled of it is found.
    writeFileSync(`${path}.${process.pid}`, compiled, { flag: 'wx' })
    renameSync(`${path}.${process.pid}`, path)
  } catch {
    return
  }
}

function isWrapper(value: unknown): value is Wrapper {
  return typeof value === 'function'
}
