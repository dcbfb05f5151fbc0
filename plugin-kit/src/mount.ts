import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Catalogue, type Cycle, type Paths, type Plugin, SemantosError } from '@semantos/core'
import { Kernel, type KernelParts, openHost, streams } from '@semantos/core/embed'

/** How a plugin is mounted. Everything has a default. */
export interface MountOptions {
  /** The folder that stands for `/`; a real host's is `/`. */
  readonly root?: string
  readonly seed?: number
  readonly slo?: { readonly p95_ms: number }
  readonly now?: Date
  readonly paths?: Partial<Paths>
  /** For every hook, or `{ default: 5000, collect: 50 }`. */
  readonly timeLimitMs?: number | KernelParts['timeLimitsMs']
  /** In place of a host that nothing may be written to. Closed with the kernel. */
  readonly host?: KernelParts['host']
}

/** A kernel with the plugins set up, ready to be asked. */
export interface Mounted extends AsyncDisposable {
  readonly kernel: Kernel
  readonly cycle: Cycle
  readonly catalogue: Catalogue
  readonly paths: Paths
  /** What plugins logged. */
  readonly logged: readonly string[]
}

/** Sets up a few plugins in a kernel of their own, with their files in a temporary folder. */
export async function mount(plugins: Plugin | readonly Plugin[], options: MountOptions = {}): Promise<Mounted> {
  const { root = '/', seed = 42, slo = { p95_ms: 120 }, now = new Date('2026-01-01T00:00:00Z'), timeLimitMs = 5000 } = options
  const base = options.paths?.base ?? mkdtempSync(join(tmpdir(), 'semantos-'))
  const paths: Paths = {
    base,
    sandbox: join(base, 'sandbox', 'sysctl.conf'),
    knowledge: join(base, 'knowledge'),
    results: join(base, 'results'),
    backup: join(base, 'backup'),
    ...options.paths,
  }
  const logged: string[] = []
  const kernel = await Kernel.create({
    plugins: ('stage' in plugins ? [plugins] : plugins).map(checked),
    host: options.host ?? openHost({ root }),
    paths,
    timeLimitsMs: typeof timeLimitMs === 'number' ? { default: timeLimitMs } : timeLimitMs,
    now: () => now,
    random: streams(seed),
    log: (plugin, message) => void logged.push(`${plugin}: ${message}`),
  })
  const cycle: Cycle = { ...kernel.context(), run: 'test', seed, slo, catalogue: kernel.catalogue }
  return { kernel, cycle, catalogue: kernel.catalogue, paths, logged, [Symbol.asyncDispose]: () => kernel.dispose() }
}

function checked(plugin: Plugin) {
  const prepared = plugin.prepare()
  if (prepared.success) return { plugin, setup: prepared.setup }
  throw new SemantosError('SEMANTOS_E_PLUGIN_OPTIONS', { message: prepared.error.message, plugin: plugin.id })
}
