import { readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { z } from 'zod'

const Manifest = z.object({ name: z.string(), exports: z.record(z.string(), z.union([z.string(), z.object({ types: z.string() })])) })

/** The packages' tests run their sources; those of plugins run against what was built, as a plugin elsewhere does. */
const SOURCES = ['core', ...readdirSync('packages').map((name) => `packages/${name}`)].flatMap((folder) => {
  const { name, exports } = Manifest.parse(JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')))
  return Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'string' ? [] : [{ find: new RegExp(`^${name}${path.slice(1)}$`), replacement: resolve(folder, target.types.replace('dist/', 'src/').replace(/\.d\.ts$/, '.ts')) }],
  )
})

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
          name: 'packages',
          alias: SOURCES,
          include: ['{core,packages,tests}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/template/**', ...KERNEL],
        },
      },
      {
        extends: true,
        test: { name: 'plugins', include: ['plugins/**/*.test.ts'], exclude: ['**/node_modules/**', '**/dist/**', ...KERNEL] },
      },
      {
        extends: true,
        test: {
          name: 'kernel',
          alias: SOURCES,
          include: KERNEL,
          exclude: ['**/node_modules/**', '**/dist/**'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
