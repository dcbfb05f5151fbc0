// Bundles each package into one JavaScript file, beside the declarations that `tsc -b` writes. One file a package starts
// fast: unbundled, zod alone is a hundred files and 70 ms. `dependencies` stay outside, `devDependencies` go in.
import { existsSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { writeBundledLibraries } from './bundled-libraries.mjs'

/** There while everything is built, as old as the build's look at the sources: experiments/prepare.sh compares them with it. */
const BUILT = 'node_modules/.built'
const began = new Date()
rmSync(BUILT, { force: true })

const named = process.argv.slice(2)
const folders = named.length > 0 ? named : ['core', ...['packages', 'plugins'].flatMap((group) => readdirSync(group).map((name) => join(group, name)))]

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

// See packages/engine/src/config/native-import.ts.
const nativeImportBeside = {
  name: 'native-import-beside',
  setup: ({ onResolve }) => onResolve({ filter: /\/native-import\.js$/ }, () => ({ path: './native-import.cjs', external: true })),
}

/** What the packages of this repository export, and the source behind it: what is bundled is bundled from source, and only what is used. */
const sources = Object.fromEntries(
  ['core', ...readdirSync('packages').map((name) => join('packages', name))].flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return Object.entries(exports).flatMap(([path, { types }]) => (types ? [[name + path.slice(1), resolve(sourceOf(folder, types))]] : []))
  }),
)

/** Packages of which one CommonJS file is kept that V8's compiled form can be kept of on Node 20 (packages/cli/src/compiled.ts): 45 ms of each start. */
const COMMON_JS = { core: bundleCore, 'packages/cli': bundleCommand }

await Promise.all(folders.filter((folder) => existsSync(join(folder, 'src', 'index.ts')) || folder in COMMON_JS).map(bundle))
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
    legalComments: 'eof',
    metafile: true,
    alias: Object.fromEntries(Object.entries(sources).filter(([name]) => !outside.some((other) => name === other || name.startsWith(`${other}/`)))),
    plugins: [englishOnly],
  }
  const commonJsFiles = (await COMMON_JS[folder]?.(folder, shared)) ?? []
  const entries = folder === 'core' ? [] : entrySources(folder, manifest)
  const { metafile } = await build({
    entryPoints: entries.map((entry) => ({ in: entry, out: entry.split('/').at(-1).replace(/\.ts$/, '') })),
    outdir: join(folder, 'dist'),
    splitting: true,
    format: 'esm',
    // Bundled CommonJS calls require() for Node's own modules.
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    chunkNames: 'chunks/[name]-[hash]',
    ...shared,
  })
  removeStaleChunks(join(folder, 'dist', 'chunks'), Object.keys(metafile.outputs))
  writeBundledLibraries(folder, manifest, [metafile, ...commonJsFiles])
}

/**
 * Core's two faces share one file; each is then a file that hands its names on. Nothing in it may import() another module of core:
 * esbuild would wrap everything behind it, and leave parts of it undefined.
 */
async function bundleCore(folder, shared) {
  const outfile = join(folder, 'dist', 'core.cjs')
  const { metafile } = await build({ ...commonJs(shared), stdin: { contents: "export * as index from './index.js'; export * as kernel from './kernel.js'", resolveDir: join(folder, 'src'), loader: 'ts' }, outfile })
  for (const [face, exported] of Object.entries(createRequire(import.meta.url)(resolve(outfile)))) {
    const lost = Object.keys(exported).filter((key) => exported[key] === undefined)
    if (lost.length > 0) throw new Error(`core.cjs has lost ${lost.join(', ')}: does something in core import() a module of core?`)
    const text = `import { createRequire } from 'node:module'\nexport const { ${Object.keys(exported).join(', ')} } = createRequire(import.meta.url)('./core.cjs').${face}\n`
    writeFileSync(join(folder, 'dist', `${face}.js`), text)
    writeFileSync(join(folder, 'dist', `${face}.cjs`), `module.exports = require('./core.cjs').${face}\n`)
  }
  return [metafile]
}

/** The command with engine, host, formats and statistics: everything but core, which plugins share with it. */
async function bundleCommand(folder, shared) {
  await build({ ...commonJs(shared), entryPoints: ['packages/engine/src/config/native-import.ts'], outfile: join(folder, 'dist', 'native-import.cjs') })
  const { metafile } = await build({ ...commonJs(shared), entryPoints: [join(folder, 'src', 'main.ts')], outfile: join(folder, 'dist', 'main.cjs'), plugins: [englishOnly, nativeImportBeside] })
  return [metafile]
}

function commonJs(shared) {
  return {
    ...shared,
    format: 'cjs',
    charset: 'ascii',
    define: { 'import.meta.url': 'importMetaUrl' },
    // The directive of the bundle itself would stand behind this, where it is none.
    banner: { js: "'use strict'; const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  }
}

function removeStaleChunks(chunks, written) {
  const current = new Set(written.map((file) => basename(file)))
  for (const file of existsSync(chunks) ? readdirSync(chunks) : []) if (!current.has(file)) rmSync(join(chunks, file))
}

/** The sources behind `exports` and `bin`: what dist/X.d.ts declares comes from src/X.ts, or from src/cli/NAME.ts for a command of a library. */
function entrySources(folder, manifest) {
  const exported = Object.values(manifest.exports).flatMap(({ types }) => (types ? [sourceOf(folder, types)] : []))
  const commands = Object.values(manifest.bin ?? {}).map((file) => file.replace('dist/', '').replace(/\.js$/, '.ts'))
  const own = folder === 'packages/cli' ? [...commands, 'watchdog-main.ts'].map((file) => join(folder, 'src', file)) : commands.map((file) => join(folder, 'src', 'cli', file))
  return [...exported, ...own]
}

function sourceOf(folder, declarations) {
  return join(folder, declarations.replace('dist/', 'src/').replace(/\.d\.ts$/, '.ts'))
}
