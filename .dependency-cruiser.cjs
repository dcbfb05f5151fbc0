/** The rules of the house: who may import whom. See ARCHITECTURE.md. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'model-imports-only-zod',
      severity: 'error',
      from: { path: '^core/src/model/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^core/src/model/', '^node_modules/zod/'] },
    },
    {
      name: 'kernel-imports-tapable-zod-and-model',
      comment: 'diagnostics_channel is how tapable calls are traced; alea is the random stream.',
      severity: 'error',
      from: { path: '^core/src/kernel/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^core/src/(kernel|model)/', '^node_modules/(tapable|zod|seedrandom)/', '^(node:)?diagnostics_channel$'] },
    },
    {
      name: 'host-knows-no-stage',
      severity: 'error',
      from: { path: '^core/src/host/', pathNot: '\\.test\\.ts$' },
      to: { path: '^core/src/(cli|config|cycle)/' },
    },
    {
      name: 'core-knows-no-plugin',
      severity: 'error',
      from: { path: '^core/src/', pathNot: '\\.test\\.ts$' },
      to: { path: ['^plugins/', '^plugin-kit/'] },
    },
    {
      name: 'only-cli-imports-the-command-line',
      severity: 'error',
      from: { path: '^core/src/', pathNot: ['^core/src/cli/', '\\.test\\.ts$'] },
      to: { path: ['^core/src/cli/', '^node_modules/(commander|picocolors)/'] },
    },
    {
      name: 'a-plugin-imports-core-and-its-own',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/src/', pathNot: ['\\.test\\.ts$', '^plugins/preset-'] },
      to: { path: ['^plugins/', '^plugin-kit/'], pathNot: '^plugins/$1/' },
    },
    {
      name: 'a-plugin-goes-through-the-face-of-core',
      severity: 'error',
      from: { path: '^plugins/[^/]+/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^core/', pathNot: '^core/dist/(index|embed)\\.(d\\.ts|js)$' },
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
