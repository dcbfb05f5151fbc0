import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Argument, type Command, Option } from 'commander'
import { messageOf, SemantosError } from '@semantos/core'
import { print } from '../print.js'

const PRESETS = ['reproduction', 'host'] as const

export function defineInit(program: Command): void {
  program
    .command('init')
    .description('write a commented semantos.config.ts')
    .addArgument(new Argument('[folder]', 'where').default('.'))
    .addOption(new Option('--preset <name>', 'reproduction: a synthetic host in a sandbox; host: this machine').choices(PRESETS).default('reproduction'))
    .action((folder: string, { preset }: { readonly preset: string }) => {
      const file = resolve(folder, 'semantos.config.ts')
      try {
        writeFileSync(file, template(preset), { flag: 'wx' })
      } catch (error) {
        const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
        throw new SemantosError(exists ? 'SEMANTOS_E_USAGE' : 'SEMANTOS_E_WRITE_FAILED', {
          message: exists ? 'the file exists already' : `cannot write it: ${messageOf(error)}`,
          place: file,
          ...(exists ? { next: 'Remove it, or name another folder: semantos init FOLDER.' } : {}),
        })
      }
      print(`wrote ${file}\nnext: npm install @semantos/core @semantos/preset-${preset}, then semantos plan\n`)
    })
}

function template(preset: string): string {
  return `import { defineConfig } from '@semantos/core'
import { ${preset} } from '@semantos/preset-${preset}'

export default defineConfig({
  extends: ${preset}(),

  // The latency to keep, in milliseconds.
  slo: { p95_ms: 120 },

  // A slot named here replaces the preset's. To swap a stage, install the package and name it:
  //   import procfs from '@semantos/telemetry-procfs'
  //   telemetry: procfs({ window_ms: 1000 }),
  //
  // Slots: telemetry, knowledge, reasoning, guardrails, rollout, applier, monitoring, workload, evaluation, report.
  // A list runs in its order. Plugins that tap any hook stand under plugins: [].
})
`
}
