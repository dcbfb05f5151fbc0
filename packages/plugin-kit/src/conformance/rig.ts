import { Catalogue, isSemantosError, messageOf, type Paths, type Plugin } from '@semantos/core'
import { openHost, Run } from '@semantos/host'
import { type MountOptions, type Mounted, mount } from '../mount.js'
import { TapWatch, byPlugin } from './by-plugin.js'
import { type Folders, makeFolders } from './folders.js'
import { Leftovers } from './leftovers.js'
import { type Answers, type Ask, asksOf } from './loop.js'
import type { World } from './world/world.js'
import { WriteLog } from './writes.js'

export interface RigOptions {
  /** Of an earlier rig, with what was left in them. Whoever made them removes them. */
  readonly folders?: Folders
  /** Set up in the same kernel, behind it. */
  readonly others?: readonly Plugin[]
  readonly planning?: boolean
  /** False: the writing door is shut, as in a run without `--apply`. */
  readonly mayWrite?: boolean
  readonly timeLimitMs?: MountOptions['timeLimitMs']
  readonly paths?: (base: string) => Partial<Paths>
}

/** One plugin, mounted in a world and watched. */
export interface Rig {
  readonly kit: Mounted
  readonly folders: Folders
  readonly asks: readonly Ask[]
  readonly answers: Answers
  readonly taps: TapWatch
  readonly leftovers: Leftovers
  readonly writes: WriteLog
}

/** What a config allows each hook by default. */
export const TIME_LIMIT_MS = 30_000

/** Mounts the plugin, lets `use` ask it, and takes everything down again. */
export async function inRig<T>(plugin: Plugin, world: World, options: RigOptions, use: (rig: Rig) => Promise<T>): Promise<T> {
  using made = options.folders ? null : makeFolders(world.root, world.files)
  const folders = options.folders ?? made
  if (!folders) throw new Error('no folders')
  const taps = new TapWatch()
  using leftovers = new Leftovers(taps, [folders.root, folders.base])
  using writes = new WriteLog(taps)
  let catalogue = new Catalogue([])
  const host = await hostOf(plugin, folders, options.mayWrite ?? true, () => catalogue)
  await using mounted = await mount([taps.watched(plugin), ...(options.others ?? [])], {
    root: folders.root,
    host,
    timeLimitMs: options.timeLimitMs ?? TIME_LIMIT_MS,
    paths: { base: folders.base, ...options.paths?.(folders.base) },
  })
  catalogue = withSamples(mounted.catalogue, world)
  const kit = { ...mounted, catalogue, cycle: { ...mounted.cycle, catalogue } }
  const answers: Answers = {}
  return await use({ kit, folders, asks: asksOf(kit, world, folders.root, answers, options.planning ?? false), answers, taps, leftovers, writes })
}

/** What failed, hook by hook. Asks all of them, whatever fails. */
export async function failuresOf(asks: readonly Ask[]): Promise<readonly string[]> {
  const failures: string[] = []
  for (const { hook, run } of asks) await run().catch((error: unknown) => void failures.push(`${hook}: ${inWords(error)}`))
  return failures
}

export function inWords(error: unknown): string {
  return isSemantosError(error) ? `${error.code}: ${error.message}` : messageOf(error)
}

/** A host for the plugin: appliers get one that writes. What the host writes is the host's doing, not the plugin's. */
async function hostOf(plugin: Plugin, { root, journal }: Folders, mayWrite: boolean, catalogue: () => Catalogue): Promise<ReturnType<typeof openHost>> {
  if (plugin.stage !== 'applier' || !mayWrite) return openHost({ root })
  const run = await Run.open({ root, stateDir: journal, run: 'conformance', command: ['conformance'], version: '0.0.0', guard: false })
  const host = openHost({ root, writable: { run, catalogue } })
  return {
    ...host,
    write: (...args) => byPlugin.exit(() => host.write(...args)),
    restore: (...args) => byPlugin.exit(() => host.restore(...args)),
    persist: (...args) => byPlugin.exit(() => host.persist(...args)),
  }
}

/** The plugin's own knobs, and those of the world that it does not know. */
function withSamples(own: Catalogue, { knobs }: World): Catalogue {
  const more = knobs.filter(({ name }) => !own.get(name)).map((knob) => ({ name: knob.name, load: () => knob }))
  return new Catalogue([...own.names.flatMap((name) => ({ name, load: () => own.get(name) ?? gone(name) })), ...more])
}

function gone(name: string): never {
  throw new Error(`${name} left the catalogue`)
}
