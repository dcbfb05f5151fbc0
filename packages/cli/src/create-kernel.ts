import { resolve } from 'node:path'
import type { ResolvedConfig } from '@semantos/engine'
import { type NetnsEntry, openHost, type Run } from '@semantos/host'
import { type CheckedPlugin, Kernel, leaveOutFramesOf, streams } from '@semantos/core/kernel'
import type { ConfigOptions } from './options.js'
import { tell } from './print.js'

interface Parts {
  readonly config: ResolvedConfig
  readonly plugins: readonly CheckedPlugin[]
  readonly options: ConfigOptions & { readonly quiet?: boolean }
  readonly seed: number
  readonly scope: NetnsEntry['scope'] | undefined
  readonly journal: Run | null
  readonly signal: AbortSignal
}

/** The kernel of a config, with what the command line says over it. */
export async function createKernel({ config, plugins, options, seed, scope, journal, signal }: Parts): Promise<Kernel> {
  const { sandbox, knowledge } = config.paths
  leaveOutFramesOf(import.meta.url)
  const kernel: Kernel = await Kernel.create({
    plugins,
    host: openHost({ root: resolve(options.root), ...(scope && { scope }), writable: journal && { run: journal, catalogue: () => kernel.catalogue } }),
    paths: { ...config.paths, sandbox: resolve(options.sandbox ?? sandbox), knowledge: resolve(options.kb ?? knowledge) },
    timeLimitsMs: config.timeLimitsMs,
    now: () => (config.fixedTime === null ? new Date() : new Date(config.fixedTime)),
    random: streams(seed),
    log: (plugin, message) => void (options.quiet || tell(`${plugin}: ${message}\n`)),
    signal,
  })
  return kernel
}
