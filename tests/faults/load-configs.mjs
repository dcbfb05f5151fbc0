// Loads one config after the other with the built core, for `config-folder.ts`.
import { isSemantosError } from '@semantos/core'
import { loadConfig } from '@semantos/engine'

process.on('message', async ({ number, folder, file }) => {
  process.send({ number, answer: await answer(folder, file) })
})

async function answer(folder, file) {
  try {
    const { slots, origins, ...config } = await loadConfig(folder, file)
    const plugins = [...slots].map(([slot, entries]) => [slot, entries.map(({ plugin }) => ({ plugin: plugin.id, options: plugin.written }))])
    return { resolved: { ...config, fixedTime: config.fixedTime?.toISOString() ?? null, slots: Object.fromEntries(plugins), origins: Object.fromEntries(origins) } }
  } catch (error) {
    if (!isSemantosError(error)) return { failure: { code: 'none of ours', message: String(error), place: null, plugin: null, next: '', exit: 1 } }
    const { code, message, place, plugin, next, exit } = error
    return { failure: { code, message, place, plugin, next, exit } }
  }
}
