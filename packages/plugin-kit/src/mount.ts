import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Catalogue, type Paths, type PendingFile, type Plugin, type Reporting, SemantosError } from '@semantos/core'
import { Kernel, type KernelParts, type KernelRun, streams } from '@semantos/core/kernel'
import { openHost } from '@semantos/host'
import { type Files, putFiles } from './conformance/folders.js'

/** How a plugin is mounted. Everything has a default. */
export interface MountOptions {
  /** The folder that stands for `/`, or the files in one that is made for it; a real host's is `/`. */
  readonly root?: string | Files
  readonly seed?: number
  readonly slo?: { readonly p95_ms: number }
  readonly now?: Date
  readonly paths?: Partial<Paths>
  /** For every hook, or `{ default: 30_000, collect: 50 }`. */
  readonly timeLimitMs?: number | KernelParts['timeLimitsMs']
  /** In place of a host that nothing may be written to. Closed with the kernel. */
  readonly host?: KernelParts['host']
}

/** A kernel with the plugins set up, ready to be asked. */
export interface Mounted extends AsyncDisposable {
  readonly kernel: Kernel
  /** The run that `cycle` belongs to, which can be aborted. */
  readonly run: KernelRun
  /** Fits every hook that takes a cycle, reports included: a file that is published has its name at once. */
  readonly cycle: Reporting
  /** The cycle of another run of the same plugins: state of `cycle`'s run is not its own. */
  anotherRun(this: void): Reporting
  readonly catalogue: Catalogue
  readonly paths: Paths
  /** What plugins logged. */
  readonly logged: readonly string[]
}

/**
 * Sets up a few plugins in a kernel of their own. Folders that were not given are made in a temporary one, which is removed when the
 * kernel is disposed of.
 */
export async function mount(plugins: Plugin | readonly Plugin[], options: MountOptions = {}): Promise<Mounted> {
  const { seed = 42, slo = { p95_ms: 120 }, now = new Date('2026-01-01T00:00:00Z'), timeLimitMs = 30_000 } = options
  const chosen = ('stage' in plugins ? [plugins] : plugins).map(checked)
  const temporary = new TemporaryFolder()
  const base = options.paths?.base ?? join(temporary.path, 'config')
  const paths: Paths = {
    base,
    sandbox: join(base, 'sandbox', 'sysctl.conf'),
    knowledge: join(base, 'knowledge'),
    results: join(base, 'results'),
    backup: join(base, 'backup'),
    ...options.paths,
  }
  if (options.paths?.base === undefined) mkdirSync(base)
  const logged: string[] = []
  const kernel = await Kernel.create({
    plugins: chosen,
    host: closing(options.host ?? openHost({ root: rootOf(options.root ?? '/', temporary) }), () => temporary.remove()),
    paths,
    timeLimitsMs: typeof timeLimitMs === 'number' ? { default: timeLimitMs } : timeLimitMs,
    now: () => now,
    random: streams(seed),
    log: (plugin, message) => void logged.push(`${plugin}: ${message}`),
  })
  const publish = (file: PendingFile) => {
    file.finish()
    file.publish()
  }
  const cycleOf = (run: KernelRun): Reporting => ({ ...run.context(), run: 'test', seed, slo, catalogue: kernel.catalogue, publish })
  const run = kernel.begin()
  return { kernel, run, cycle: cycleOf(run), anotherRun: () => cycleOf(kernel.begin()), catalogue: kernel.catalogue, paths, logged, [Symbol.asyncDispose]: () => kernel.dispose() }
}

/** Made when it is first asked for. */
class TemporaryFolder {
  #path: string | null = null

  get path(): string {
    return (this.#path ??= mkdtempSync(join(tmpdir(), 'semantos-')))
  }

  remove(): void {
    if (this.#path !== null) rmSync(this.#path, { recursive: true, force: true })
  }
}

function rootOf(root: string | Files, temporary: TemporaryFolder): string {
  if (typeof root === 'string') return root
  const folder = join(temporary.path, 'root')
  putFiles(folder, root)
  return folder
}

/** The same host, with something to do once it is closed. */
function closing(host: KernelParts['host'], closed: () => void): KernelParts['host'] {
  return {
    ...host,
    [Symbol.asyncDispose]: async () => {
      await host[Symbol.asyncDispose]()
      closed()
    },
  }
}

function checked(plugin: Plugin) {
  const prepared = plugin.prepare()
  if (prepared.success) return { plugin, setup: prepared.setup }
  throw new SemantosError('SEMANTOS_E_PLUGIN_OPTIONS', { message: prepared.error.message, plugin: plugin.id })
}
