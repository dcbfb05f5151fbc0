import tseslint from 'typescript-eslint'

const FILE_CALL = "CallExpression[callee.name=/^(access|append|copy|create|exists|link|lstat|mkdir|open|opendir|read|readdir|readlink|realpath|rename|rm|stat|symlink|truncate|unlink|watch|write)\\w*$/]"

/** Rules of the house that are about what code says, not about what it imports; tests/house holds them to it. */
const PRINTS = { selector: "MemberExpression[object.name='process'][property.name=/^(stdout|stderr)$/]", message: 'Only packages/cli prints.' }
const WRITES_TO_THE_TERMINAL = {
  selector: "MemberExpression[object.object.name='process'][object.property.name=/^(stdout|stderr)$/][property.name='write']",
  message: 'Print through packages/cli/src/print.ts, which lets no control character pass.',
}
const LOSES_ITS_TIME_LIMIT = {
  selector: "MemberExpression[object.name='AbortSignal'][property.name='timeout']",
  message: 'Use withTimeLimit of @semantos/core: Node 20 collects a timeout that AbortSignal.any alone refers to, and it never fires.',
}
const TOUCHES_THE_KERNEL = ['Literal[value=/^.(proc|sys)(.|$)/]', 'TemplateElement[value.raw=/^.(proc|sys)./]'].map((text) => ({
  selector: `${FILE_CALL} ${text}`,
  message: 'Only packages/host touches /proc and /sys: use the host interface that the kernel hands over.',
}))

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', 'coverage/', 'experiments/results/', 'docs/api/', '**/fixtures/', 'examples/', 'packages/create-semantos-plugin/template/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreVoidOperator: true, ignoreArrowShorthand: true }],
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['core/src/**/*.ts', 'packages/*/src/**/*.ts', 'plugins/*/src/**/*.ts'],
    ignores: ['packages/{cli,create-semantos-plugin}/src/**', '**/*.test.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['core/src/**/*.ts', 'packages/*/src/**/*.ts', 'plugins/*/src/**/*.ts'],
    // The watchdog is a process of its own: what it prints is its answer to the one that started it.
    ignores: ['packages/cli/src/**', 'packages/create-semantos-plugin/src/**', 'packages/host/src/**', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', PRINTS, LOSES_ITS_TIME_LIMIT, ...TOUCHES_THE_KERNEL] },
  },
  { files: ['packages/host/src/**/*.ts'], ignores: ['packages/host/src/watchdog-main.ts', '**/*.test.ts'], rules: { 'no-restricted-syntax': ['error', PRINTS, LOSES_ITS_TIME_LIMIT] } },
  { files: ['packages/cli/src/**/*.ts'], ignores: ['**/*.test.ts'], rules: { 'no-restricted-syntax': ['error', WRITES_TO_THE_TERMINAL, LOSES_ITS_TIME_LIMIT, ...TOUCHES_THE_KERNEL] } },
  { files: ['packages/cli/src/{print,terminal}.ts'], rules: { 'no-restricted-syntax': ['error', ...TOUCHES_THE_KERNEL] } },
  // Lists of cases are tests too.
  { files: ['plugins/*/testing/cases/**/*.ts'], rules: { 'max-lines': 'off' } },
  { files: ['**/*.test.ts', '**/*.test-d.ts'], rules: { 'max-lines': 'off', '@typescript-eslint/no-floating-promises': 'error' } },
  { files: ['**/*.mjs', '**/*.js', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
)
