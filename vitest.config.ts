import { defineConfig } from 'vitest/config'

/** Tests that write to the real kernel run one after the other, after all others. */
const KERNEL = ['**/*.kernel.test.ts']

export default defineConfig({
  test: {
    // Limits are for what hangs: how fast a shared machine is today fails nothing.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    // Vitest leaves one processor free, which of two is half.
    maxWorkers: '100%',
    globalSetup: './tests/surroundings.ts',
    setupFiles: './tests/random-seed.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['{core,plugin-kit,create-semantos-plugin,plugins/*,tests}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/template/**', ...KERNEL],
          typecheck: { enabled: false },
        },
      },
      {
        extends: true,
        test: {
          name: 'kernel',
          include: KERNEL,
          exclude: ['**/node_modules/**', '**/dist/**'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
