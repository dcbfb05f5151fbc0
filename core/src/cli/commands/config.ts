import type { Command } from 'commander'
import { type ResolvedConfig, loadConfig } from '../../config/load.js'
import { print } from '../print.js'

const SECRET = /key|token|secret|passw|credential|authorization/i

export function defineConfigCommand(program: Command): void {
  program
    .command('config')
    .summary('the config as it is understood')
    .description('the config as it is understood: file, settings, plugins and their options, secrets masked')
    .option('--config <file>', 'config file (default: semantos.config.* from here upwards)')
    .action(async (options: { readonly config?: string }) => {
      const config = await loadConfig(process.cwd(), options.config ?? null)
      print(`${JSON.stringify(masked(describe(config)), null, 2)}\n`)
    })
}

function describe({ file, name, seed, trials, knobs, slo, fixedTime, timeLimitsMs, paths, slots, origins }: ResolvedConfig) {
  const plugins = [...slots].map(([slot, entries]) => [slot, entries.map(({ plugin }) => ({ plugin: plugin.id, options: plugin.written }))] as const)
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
    slots: Object.fromEntries(plugins),
    origins: Object.fromEntries(origins),
  }
}

function masked(value: unknown, key = ''): unknown {
  if (typeof value === 'string' && SECRET.test(key)) return '***'
  if (Array.isArray(value)) return value.map((item) => masked(item, key))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, masked(item, name)]))
  return value
}
