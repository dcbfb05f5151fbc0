import type { Command } from 'commander'
import { pluginFile, pluginVersion } from '@semantos/engine'
import type { Kernel } from '@semantos/core/kernel'
import { type ConfigOptions, withConfigOptions } from '../options.js'
import { print } from '../print.js'
import { withSession } from '../session.js'
import { colours, table } from '../terminal.js'

export function definePlugins(program: Command): void {
  withConfigOptions(program.command('plugins', { hidden: true }))
    .summary('every hook with its taps in order')
    .description('the plugins of the config, where each was found, and every hook with its taps in order')
    .option('--json', 'print one JSON document')
    .action(async (options: ConfigOptions & { readonly json?: boolean }) => {
      await withSession(options, ({ engine: { kernel } }) => {
        print(options.json ? `${JSON.stringify(listing(kernel))}\n` : render(kernel))
        return Promise.resolve()
      })
    })
}

function listing(kernel: Kernel) {
  return {
    plugins: kernel.plugins.map((plugin) => ({ name: plugin.name, id: plugin.id, stage: plugin.stage, api: plugin.api, version: pluginVersion(plugin), file: pluginFile(plugin) })),
    hooks: Object.values(kernel.hooks).map(({ name, kind, taps }) => ({ name, kind, taps: taps.map(({ plugin, tap }) => ({ plugin, tap })) })),
  }
}

function render(kernel: Kernel): string {
  const { bold, dim } = colours(process.stdout)
  const { plugins, hooks } = listing(kernel)
  const rows = plugins.map(({ id, stage, version, file }) => [stage, id, dim(version), dim(file ?? 'in the config')])
  const taps = hooks.filter((hook) => hook.taps.length > 0).map((hook) => [hook.name, dim(hook.kind), hook.taps.map(({ plugin, tap }) => `${plugin}#${tap}`).join(hook.kind === 'parallel' ? ', ' : ' -> ')])
  return `${bold('plugins')}\n${table(rows, '  ')}\n\n${bold('hooks')}\n${table(taps, '  ')}\n`
}
