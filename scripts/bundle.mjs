// Bundles each package into one JavaScript file, beside the declarations that `tsc -b` writes. One file a package starts
// fast: unbundled, zod alone is a hundred files and 70 ms. `dependencies` stay outside, `devDependencies` go in.
import { existsSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'

/** There while everything is built, as old as the build's look at the sources: experiments/prepare.sh compares them with it. */
const BUILT = 'node_modules/.built'
const began = new Date()
rmSync(BUILT, { force: true })

const named = process.argv.slice(2)
const folders = named.length > 0 ? named : ['core', 'plugin-kit', 'create-semantos-plugin', ...readdirSync('plugins').map((name) => join('plugins', name))]

// zod is a dependency of core because its types are part of core's; its code is bundled all the same.
const ALWAYS_BUNDLED = new Set(['zod'])
// cosmiconfig's own TypeScript loader, which is never used, would pull the whole compiler in.
const NEVER_BUNDLED = ['typescript']

// zod carries its messages in 40 languages; only English is ever used, and the others double what must be compiled.
const englishOnly = {
  name: 'english-only',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, ({ path }) => ({ contents: "export { default as en } from './en.js'", resolveDir: dirname(path) })),
}

// See core/src/config/native-import.ts.
const nativeImportBeside = {
  name: 'native-import-beside',
  setup: ({ onResolve }) => onResolve({ filter: /\/native-import\.js$/ }, () => ({ path: './native-import.cjs', external: true })),
}

await Promise.all(folders.filter((folder) => existsSync(join(folder, 'src', 'index.ts'))).map(bundle))
if (named.length === 0) {
  writeFileSync(BUILT, '')
  utimesSync(BUILT, began, began)
}

async function bundle(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const outside = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies })
  const shared = {
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    sourcemap: false,
    external: [...NEVER_BUNDLED, ...outside.filter((name) => !ALWAYS_BUNDLED.has(name))],
    logLevel: 'warning',
    legalComments: 'none',
    plugins: [englishOnly],
  }
  const libraries = existsSync(join(folder, 'src', 'cli', 'core.ts')) ? await bundleCore(folder, shared) : []
  const entries = entrySources(folder, manifest).filter((entry) => !libraries.includes(basename(entry, '.ts')))
  const { metafile } = await build({
    entryPoints: entries.map((entry) => ({ in: entry, out: entry.split('/').at(-1).replace(/\.ts$/, '') })),
    outdir: join(folder, 'dist'),
    splitting: true,
    format: 'esm',
    metafile: true,
    // Bundled CommonJS calls require() for Node's own modules.
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    chunkNames: 'chunks/[name]-[hash]',
    ...shared,
  })
  removeStaleChunks(join(folder, 'dist', 'chunks'), Object.keys(metafile.outputs))
}

/**
 * Core's libraries and its command as one CommonJS file, because that is what V8's compiled form can be kept of on Node 20
 * (src/cli/compiled.ts): 45 ms of each start. Each library is then a file that hands its names on. Gives the libraries' names.
 * Nothing in it may import() another module of core: esbuild would wrap everything behind it, and leave parts of it undefined.
 */
async function bundleCore(folder, shared) {
  const outfile = join(folder, 'dist', 'core.cjs')
  const commonJs = { ...shared, format: 'cjs', charset: 'ascii' }
  await build({ ...commonJs, entryPoints: [join(folder, 'src', 'config', 'native-import.ts')], outfile: join(folder, 'dist', 'native-import.cjs') })
  await build({
    ...commonJs,
    entryPoints: [join(folder, 'src', 'cli', 'core.ts')],
    outfile,
    define: { 'import.meta.url': 'importMetaUrl' },
    // The directive of the bundle itself would stand behind this, where it is none.
    banner: { js: "'use strict'; const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [englishOnly, nativeImportBeside],
  })
  const { main: _command, ...libraries } = createRequire(import.meta.url)(resolve(outfile))
  for (const [name, exported] of Object.entries(libraries)) {
    const lost = Object.keys(exported).filter((key) => exported[key] === undefined)
    if (lost.length > 0) throw new Error(`core.cjs has lost ${lost.join(', ')}: does something in core import() a module of core?`)
    const text = `import { createRequire } from 'node:module'\nexport const { ${Object.keys(exported).join(', ')} } = createRequire(import.meta.url)('./core.cjs').${name}\n`
    writeFileSync(join(folder, 'dist', `${name}.js`), text)
  }
  return Object.keys(libraries)
}

function removeStaleChunks(chunks, written) {
  const current = new Set(written.map((file) => basename(file)))
  for (const file of existsSync(chunks) ? readdirSync(chunks) : []) if (!current.has(file)) rmSync(join(chunks, file))
}

/** The sources behind `exports` and `bin`: dist/NAME.js comes from src/NAME.ts, or from src/cli/NAME.ts for a command. */
function entrySources(folder, manifest) {
  const exported = Object.values(manifest.exports).flatMap((entry) => entry.default ?? [])
  const sources = exported.map((file) => join(folder, file.replace('dist/', 'src/').replace(/\.js$/, '.ts')))
  const commands = Object.values(manifest.bin ?? {}).map((file) => join(folder, file.replace('dist/', 'src/cli/').replace(/\.js$/, '.ts')))
  return [...sources, ...commands]
}
