import { readFileSync } from 'node:fs'
import type { PluginStage } from '@semantos/core'
import { STAGES } from './stages.js'

export interface NewPlugin {
  readonly stage: PluginStage
  /** The name of its package. */
  readonly name: string
}

/** Stands for the name in the templates, which so are code that compiles. */
const PLACEHOLDER = '@acme/semantos-plugin'

/** Every file of a new plugin: path and text. */
export function filesOf({ stage, name }: NewPlugin): ReadonlyMap<string, string> {
  // By the package's own name: bundled, this file may lie anywhere under dist.
  const templates = new URL(`template/${stage}/src/`, import.meta.resolve('create-semantos-plugin/package.json'))
  const source = (file: string) => readFileSync(new URL(file, templates), 'utf8').replaceAll(PLACEHOLDER, name)
  return new Map([
    ['package.json', json(manifest(name, LIBRARIES.filter((library) => source('index.ts').includes(`'${library}'`))))],
    ['tsconfig.json', json(TSCONFIG)],
    ['.gitignore', 'node_modules/\ndist/\nexperiments/\n.semantos/\n'],
    ['README.md', readme(stage, name)],
    ['semantos.config.mjs', config(stage, name)],
    ['src/index.ts', source('index.ts')],
    ['src/index.test.ts', source('index.test.ts')],
    ['src/conformance.test.ts', source('conformance.test.ts')],
  ])
}

/** Libraries of this project that plugins may use; a template that imports one depends on it. */
const LIBRARIES = ['@semantos/stats', '@semantos/host', '@semantos/memory', '@semantos/formats']

function manifest(name: string, libraries: readonly string[]) {
  return {
    name,
    version: '0.1.0',
    type: 'module',
    keywords: ['semantos', 'semantos-plugin'],
    engines: { node: '>=20.19' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
    files: ['dist'],
    scripts: { build: 'tsc', test: 'npm run --silent build && node --test --test-reporter=spec dist/*.test.js', plan: 'semantos plan' },
    peerDependencies: { '@semantos/core': '0.x' },
    ...(libraries.length > 0 && { dependencies: Object.fromEntries(libraries.map((library) => [library, '0.x'])) }),
    devDependencies: {
      '@semantos/core': '0.x',
      '@semantos/knowledge-catalogue': '0.x',
      '@semantos/plugin-kit': '0.x',
      '@semantos/preset-reproduction': '0.x',
      '@types/node': '^20.19.0',
      typescript: '~6.0.0',
    },
  }
}

const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    declaration: true,
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
}

function config(stage: PluginStage, name: string): string {
  return `import { defineConfig } from '@semantos/core'
import { reproduction } from '@semantos/preset-reproduction'
import plugin from '${name}'

const preset = reproduction()

/** The default preset, on a synthetic host and in a sandbox, with this plugin in it. */
export default defineConfig({
  extends: preset,
  ${STAGES[stage].inConfig},
})
`
}

/** What measures this machine is not run against a sandbox. */
const TRY = {
  workload: 'npx semantos plan --json # a plan with it in the config; semantos tune measures with it on a real host',
  other: 'npx semantos --json     # one run with it on a synthetic host, in a sandbox',
}

function readme(stage: PluginStage, name: string): string {
  const slot = stage === 'any' ? 'plugins' : stage
  return `# ${name}

A [SemantOS](https://github.com/semantos/semantos) plugin of stage \`${stage}\`: it ${STAGES[stage].does}.

\`\`\`sh
npm install
npm test                # builds, then runs the tests
${TRY[stage === 'workload' ? 'workload' : 'other']}
\`\`\`

- \`src/index.ts\` is the plugin. Its options are a zod schema: what a user gets wrong is told with the path in their config.
- \`src/index.test.ts\` runs it alone in a kernel of its own; \`src/conformance.test.ts\` checks that it keeps the contract, in three lines.
- \`semantos.config.mjs\` puts it into the default preset. In YAML or JSON it is named:

\`\`\`yaml
${slot}:
  - use: '${name}'
    options: {}
\`\`\`

What a plugin of each stage is handed and hands back: [the plugin author's guide](https://github.com/semantos/semantos/blob/main/docs/plugin-guide.md).
`
}

function json(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
