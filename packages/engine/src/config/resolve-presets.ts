import { pathToFileURL } from 'node:url'
import { messageOf, SemantosError } from '@semantos/core'
import { importPackage } from './import-package.js'

/** A config with its presets folded in, and where each key came from. */
export interface Folded {
  readonly content: Readonly<Record<string, unknown>>
  readonly origins: ReadonlyMap<string, string>
}

/** Folds `extends` in: a key of the config replaces the preset's. */
export async function foldPresets(content: unknown, origin: string, file: string, depth = 0): Promise<Folded> {
  if (!isRecord(content)) {
    throw new SemantosError('SEMANTOS_E_CONFIG_INVALID', { message: 'the config must be an object: export default defineConfig({ … })', place: origin })
  }
  if (depth > 8) throw new SemantosError('SEMANTOS_E_CONFIG_INVALID', { message: 'presets extend each other more than 8 deep', place: origin })
  const { extends: preset, ...own } = content
  const origins = new Map(Object.keys(own).map((key) => [key, origin]))
  if (preset === undefined) return { content: own, origins }
  const base = await loadPreset(preset, `${origin}: extends`, file, depth)
  return { content: { ...base.content, ...own }, origins: new Map([...base.origins, ...origins]) }
}

async function loadPreset(preset: unknown, origin: string, file: string, depth: number): Promise<Folded> {
  if (typeof preset === 'string') {
    const { value: loaded } = await importPackage(preset, pathToFileURL(file).href, origin)
    return foldPresets(isFactory(loaded) ? made(loaded, preset, origin) : loaded, `${origin} ${preset}`, file, depth + 1)
  }
  if (!isFactory(preset)) return foldPresets(preset, origin, file, depth + 1)
  throw new SemantosError('SEMANTOS_E_CONFIG_INVALID', { message: 'this is a function, not a preset', place: origin, next: 'Call it: put () behind its name.' })
}

function made(factory: () => unknown, name: string, place: string): unknown {
  try {
    return factory()
  } catch (error) {
    throw new SemantosError('SEMANTOS_E_PLUGIN_INVALID', { message: `${name} cannot be loaded: ${messageOf(error)}`, place, cause: error })
  }
}

function isFactory(value: unknown): value is () => unknown {
  return typeof value === 'function'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
