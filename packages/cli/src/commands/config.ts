import type { Command } from 'commander'
import { loadConfig, type ResolvedConfig } from '@semantos/engine'
import { describePlugin, shown } from '@semantos/core/kernel'
import { CONFIG } from '../options.js'
import { print } from '../print.js'

export function defineConfigCommand(program: Command): void {
  program
    .command('config', { hidden: true })
    .summary('the config as it is understood')
    .description('the config as it is understood: file, settings, plugins and all their options with defaults, secrets redacted')
    .option(...CONFIG)
    .action(async (options: { readonly config?: string }) => {
      const config = await loadConfig(process.cwd(), options.config ?? null)
      print(`${JSON.stringify(shown(describe(config)), null, 2)}\n`)
    })
}

function describe({ file, name, seed, trials, knobs, slo, fixedTime, timeLimitsMs, paths, slots, origins }: ResolvedConfig) {
  return {
    file,
    name,
    seed,
    trials,
    knobs,
    slo,
    clock: fixedTime?.toISOString() ?? 'system',
    time_limits_ms: timeLimitsMs,
    paths,
    slots: Object.fromEntries([...slots].map(([slot, entries]) => [slot, entries.map(({ plugin }) => describePlugin(plugin))])),
    origins: Object.fromEntries(origins),
  }
}
