/** The rules of the house: who may import whom, type-only imports included. See ARCHITECTURE.md. */
const TESTS = '\\.test(-d)?\\.ts$'

/** Each layer, and the layers below that it may import. */
const LAYERS = {
  'packages/stats': [],
  core: [],
  'packages/memory': ['core', 'packages/stats'],
  'packages/host': ['core', 'packages/stats'],
  'packages/formats': ['core', 'packages/host'],
  'packages/engine': ['core', 'packages/stats', 'packages/memory', 'packages/host', 'packages/formats'],
  'packages/cli': ['core', 'packages/stats', 'packages/memory', 'packages/host', 'packages/formats', 'packages/engine'],
  'packages/plugin-kit': ['core', 'packages/host', 'packages/engine'],
  'packages/create-semantos-plugin': ['core', 'packages/host'],
}
const BELOW_PLUGINS = ['core', 'packages/stats', 'packages/memory', 'packages/host', 'packages/formats']

const any = (folders) => `^(${folders.join('|')})/`

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: { pathNot: '/testing/' }, to: { circular: true } },
    ...Object.entries(LAYERS).map(([layer, below]) => ({
      name: `${layer.replace('packages/', '')}-imports-only-what-is-below`,
      severity: 'error',
      from: { path: `^${layer}/src/`, pathNot: TESTS },
      to: { path: '^(core|packages|plugins)/', pathNot: any([layer, ...below]) },
    })),
    {
      name: 'a-plugin-imports-what-is-below-and-its-own',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/src/', pathNot: [TESTS, '^plugins/preset-', '/testing\\.ts$'] },
      to: { path: '^(core|packages|plugins)/', pathNot: ['^plugins/$1/', any(BELOW_PLUGINS)] },
    },
    {
      name: 'packages-meet-at-their-faces',
      severity: 'error',
      from: { path: '^(core|packages/[^/]+|plugins/[^/]+)/src/', pathNot: TESTS },
      to: { path: '^(core|packages/[^/]+|plugins/[^/]+)/src/', pathNot: '^$1/src/' },
    },
    {
      name: 'model-imports-only-zod',
      severity: 'error',
      from: { path: '^core/src/model/', pathNot: TESTS },
      to: { pathNot: ['^core/src/model/', '^node_modules/zod/'] },
    },
    {
      name: 'kernel-imports-tapable-zod-and-model',
      comment: 'diagnostics_channel is how tapable calls are traced; alea is the random stream.',
      severity: 'error',
      from: { path: '^core/src/kernel/', pathNot: TESTS },
      to: { pathNot: ['^core/src/(kernel|model)/', '^node_modules/(tapable|zod|seedrandom)/', '^(node:)?diagnostics_channel$'] },
    },
    {
      name: 'core-does-no-io',
      comment: 'It is read in one sitting, and runs wherever a plugin does.',
      severity: 'error',
      from: { path: '^core/src/', pathNot: TESTS },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(diagnostics_channel|url|path)$' },
    },
    {
      name: 'only-cli-imports-the-command-line',
      severity: 'error',
      from: { path: '^(core|packages|plugins)/', pathNot: ['^packages/(cli|create-semantos-plugin)/', TESTS] },
      to: { path: '(^|/)node_modules/(commander|picocolors)/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'dist'] },
    exclude: { path: ['/dist/chunks/', '/bench/', '/scripts/'] },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'], extensions: ['.ts', '.js', '.mjs', '.json'] },
    combinedDependencies: true,
  },
}
