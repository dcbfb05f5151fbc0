import { dirname } from 'node:path'
import { pluginFile } from '@semantos/engine'
import { isSemantosError, messageOf, type Plugin, SemantosError } from '@semantos/core'
import { framesOf, type Kernel } from '@semantos/core/kernel'
import { reportError } from './report-error.js'

/**
 * Errors that nobody waits for: thrown in a timer, or by a promise that was not awaited. Node would end at once, with what was
 * applied. The first one stops the run instead, as a signal does, and is how the run failed.
 */
export class StrayErrors implements Disposable {
  #first: SemantosError | null = null
  #kernel: Kernel | null = null

  constructor(readonly plugins: readonly Plugin[], stop: AbortController) {
    process.on('exit', this.#onExit)
    // A rejection that is not handled arrives here as well.
    process.on('uncaughtException', (thrown) => {
      const error = this.#blamed(thrown)
      this.#first ??= error
      stop.abort(error)
    })
  }

  get first(): SemantosError | null {
    return this.#first
  }

  /** From now on it is known which plugin was asked last. */
  ask(kernel: Kernel): void {
    this.#kernel = kernel
  }

  /** Until this, only a plugin can end the process: nothing would be said, and only the guard process would take anything back. */
  [Symbol.dispose](): void {
    process.off('exit', this.#onExit)
  }

  readonly #onExit = (): void => {
    const asked = this.#kernel?.lastAsked
    const error = new SemantosError('SEMANTOS_E_PLUGIN_THREW', {
      message: `a plugin ended the process ${asked ? `(last asked: ${asked.plugin} in ${asked.hook})` : 'while it was set up'}`,
      next: 'A plugin throws an error in place of process.exit(); semantos status shows what stands.',
    })
    process.exitCode = reportError(error, { json: false })
  }

  #blamed(error: unknown): SemantosError {
    if (isSemantosError(error)) return error
    const frames = framesOf(error)
    const [plugin = null] = frames.flatMap((frame) => ownerOf(frame, this.plugins) ?? [])
    return new SemantosError('SEMANTOS_E_PLUGIN_THREW', {
      message: `${plugin ?? 'a plugin'} failed where nobody waits for it: ${messageOf(error)}`,
      place: frames[0] ?? null,
      plugin,
      cause: error,
      next: 'Await the promise, or catch the error in the callback; else report it to the author of the plugin.',
    })
  }
}

/** The plugin whose file or package this is; null where several stand in one file. */
function ownerOf(frame: string, plugins: readonly Plugin[]): string | null {
  const owners = plugins.filter((plugin) => frame.includes(`/node_modules/${plugin.name}/`) || isBelow(frame, pluginFile(plugin)))
  return owners.length === 1 ? (owners[0]?.id ?? null) : null
}

function isBelow(frame: string, file: string | null): boolean {
  if (file === null) return false
  const folder = `${dirname(file)}/`
  return frame.startsWith(folder) && !frame.includes('node_modules/', folder.length)
}
