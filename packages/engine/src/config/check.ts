import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { API_VERSION, isPlugin, isPluginFactory, type Plugin, SemantosError, type Stage, STAGES, z } from '@semantos/core'
import { type CheckedPlugin, editDistance, similarTo, STAGE_NAMES } from '@semantos/core/kernel'
import type { Folded } from './resolve-presets.js'
import { importPackage } from './import-package.js'
import { packageOf } from './package-of.js'
import { ConfigShape, ENTRY_KEYS, type Entry } from './schema.js'

/** Parses the folded config; an unknown key is answered with the key that was probably meant. */
export function checkShape({ content, origins }: Folded, file: string): ConfigShape {
  const known = Object.keys(ConfigShape.shape)
  const unknown = Object.keys(content).find((key) => !known.includes(key))
  if (unknown !== undefined) {
    const near = [...known, 'extends'].map((key) => ({ key, distance: editDistance(unknown, key) })).sort((a, b) => a.distance - b.distance)[0]
    throw new SemantosError('SEMANTOS_E_SLOT_UNKNOWN', {
      message: `there is no slot or setting called '${unknown}'`,
      place: `${origins.get(unknown) ?? file}: ${unknown}`,
      next: near && near.distance <= 3 ? `Did you mean '${near.key}'?` : `Use one of ${known.join(', ')}, extends.`,
    })
  }
  const parsed = ConfigShape.safeParse(content)
  if (parsed.success) return parsed.data
  const key = String(parsed.error.issues[0]?.path[0] ?? '')
  if (key in STAGES || key === 'plugins') refuseEntries(content[key], `${origins.get(key) ?? file}: ${key}`)
  throw new SemantosError('SEMANTOS_E_CONFIG_INVALID', { message: z.prettifyError(parsed.error), place: `${origins.get(key) ?? file}: ${key}`, cause: parsed.error })
}

/** The commonest slips: the factory itself, not what it returns; and a key beside `use` that nobody reads. */
function refuseEntries(value: unknown, slot: string): void {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value]
  for (const [index, entry] of entries.entries()) {
    const place = Array.isArray(value) ? `${slot}[${index}]` : slot
    if (isPluginFactory(entry)) {
      throw new SemantosError('SEMANTOS_E_PLUGIN_INVALID', {
        message: `this is the factory of ${entry.pluginName}, not a plugin`,
        place,
        next: 'Call it: put () behind its name, with its options in between.',
      })
    }
    const unknown = typeof entry === 'object' && entry !== null && 'use' in entry ? Object.keys(entry).find((key) => !ENTRY_KEYS.includes(key)) : undefined
    if (unknown === undefined) continue
    const [near] = similarTo(unknown, ENTRY_KEYS, 1)
    throw new SemantosError('SEMANTOS_E_CONFIG_INVALID', {
      message: `an entry of a slot has no '${unknown}'`,
      place: `${place}.${unknown}`,
      next: near === undefined ? `Use ${ENTRY_KEYS.join(', ')}.` : `Did you mean '${near}'?`,
    })
  }
}

/** Loads, checks and counts the plugins of every slot, in the order of the stages. */
export async function checkPlugins(shape: ConfigShape, { content, origins }: Folded, file: string): Promise<ReadonlyMap<Stage | 'plugins', CheckedPlugin[]>> {
  const fileUrl = pathToFileURL(file).href
  const checked = new Map<Stage | 'plugins', CheckedPlugin[]>()
  const seen = new Map<string, string>()
  for (const slot of [...STAGE_NAMES, 'plugins' as const]) {
    const origin = `${origins.get(slot) ?? file}: ${slot}`
    const entries = shape[slot]
    if (slot !== 'plugins') checkCardinality(slot, entries.length, origin)
    const plugins: CheckedPlugin[] = []
    for (const [index, entry] of entries.entries()) {
      const place = Array.isArray(content[slot]) ? `${origin}[${index}]` : origin
      const plugin = await pluginOf(entry, fileUrl, place)
      plugins.push(checkPlugin(plugin, slot, place))
      const earlier = seen.get(plugin.id)
      if (earlier !== undefined) {
        throw new SemantosError('SEMANTOS_E_PLUGIN_DUPLICATE', { message: `${plugin.id} is configured twice: at ${earlier} and at ${place}`, place, plugin: plugin.id })
      }
      seen.set(plugin.id, place)
    }
    checked.set(slot, plugins)
  }
  return checked
}

function checkCardinality(slot: Stage, count: number, place: string): void {
  const { takes, required } = STAGES[slot]
  if (count === 0 && required) {
    throw new SemantosError('SEMANTOS_E_SLOT_CARDINALITY', {
      message: `the slot '${slot}' is empty; it needs ${takes === 'one' ? 'one plugin' : 'at least one plugin'}`,
      place,
      next: `Name a plugin of stage '${slot}', or start from a preset, such as extends: '@semantos/preset-reproduction'.`,
    })
  }
  if (count > 1 && takes === 'one') {
    throw new SemantosError('SEMANTOS_E_SLOT_CARDINALITY', { message: `the slot '${slot}' takes one plugin and has ${count}`, place })
  }
}

async function pluginOf(entry: Entry, fileUrl: string, place: string): Promise<Plugin> {
  if (isPlugin(entry)) return entry
  const { use, options, id } = typeof entry === 'string' ? { use: entry, options: {}, id: undefined } : entry
  const { file, value: factory } = await importPackage(use, fileUrl, place)
  if (!isPluginFactory(factory)) {
    const made = isPlugin(factory)
    throw new SemantosError('SEMANTOS_E_PLUGIN_INVALID', {
      message: `the default export of ${use} is ${made ? 'a plugin' : 'not a plugin factory'}`,
      place,
      plugin: use,
      ...(made ? { next: 'Export the factory that definePlugin returns, without calling it: no () behind its name.' } : {}),
    })
  }
  if (!/^\.{1,2}\//.test(use) && !isAbsolute(use)) refuseOtherName(factory.pluginName, file, place)
  // Where it was found, whatever it says of itself.
  return { ...factory(options, id === undefined ? undefined : { id }), from: pathToFileURL(file).href }
}

/** A plugin is blamed, ordered and trusted by its name, so a package may not lend its plugin the name of another. */
function refuseOtherName(name: string, file: string, place: string): void {
  const manifest = packageOf(file)
  if (manifest && (name === manifest.name || name.startsWith(`${manifest.name}/`))) return
  throw new SemantosError('SEMANTOS_E_PLUGIN_INVALID', {
    message: `the package ${manifest?.name ?? 'without a name'} holds a plugin that calls itself ${name}`,
    place,
    plugin: name,
    next: 'See that it is the package you mean. Its author gives package and plugin one name.',
  })
}

function checkPlugin(plugin: Plugin, slot: Stage | 'plugins', place: string): CheckedPlugin {
  if (plugin.api !== API_VERSION) {
    throw new SemantosError('SEMANTOS_E_PLUGIN_API', {
      message: `${plugin.id} is written for version ${plugin.api} of the plugin contract; this core has version ${API_VERSION}`,
      place,
      plugin: plugin.id,
    })
  }
  if (plugin.stage !== 'any' && !(plugin.stage in STAGES)) {
    const [near] = similarTo(plugin.stage, STAGE_NAMES, 1)
    throw new SemantosError('SEMANTOS_E_PLUGIN_INVALID', {
      message: `${plugin.id} is of stage '${plugin.stage}', and there is no such stage`,
      place,
      plugin: plugin.id,
      next: near === undefined ? `Its author uses one of ${STAGE_NAMES.join(', ')}, any.` : `Did its author mean '${near}'?`,
    })
  }
  const right = plugin.stage === 'any' ? 'plugins' : plugin.stage
  if (slot !== right) {
    throw new SemantosError('SEMANTOS_E_SLOT_MISMATCH', {
      message: `${plugin.id} is a plugin of stage '${plugin.stage}' and stands in the slot '${slot}'`,
      place,
      plugin: plugin.id,
      next: `Move it: ${right}: ${right === 'plugins' ? '[…]' : '…'}`,
    })
  }
  return checkOptions(plugin, `${place}.options`)
}

/** The plugin with its options parsed; `place` is where they were written. */
export function checkOptions(plugin: Plugin, place: string): CheckedPlugin {
  const prepared = plugin.prepare()
  if (prepared.success) return { plugin, setup: prepared.setup }
  throw new SemantosError('SEMANTOS_E_PLUGIN_OPTIONS', {
    message: `${plugin.id} does not accept these options:\n${z.prettifyError(prepared.error)}`,
    place: `${place}${optionPath(prepared.error)}`,
    plugin: plugin.id,
    cause: prepared.error,
  })
}

/** The path of the first mistake; an option that nobody knows stands in the issue, not in its path. */
function optionPath(error: z.ZodError): string {
  const [issue] = error.issues
  const keys = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])]
  return keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
}
