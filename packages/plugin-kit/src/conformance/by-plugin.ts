import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CallContext, Plugin, TapOptions, Tappable, WatchView } from '@semantos/core'

/** Between two looks at what is still going on. Looks are counted, not time: what stood still with us has not had its chance. */
export const LOOK_MS = 20

/** Tells what a plugin does from what everybody else in this process does: its calls run inside, also where they wait. */
export const byPlugin = new AsyncLocalStorage<TapWatch>()

type AnyHook = Tappable<unknown, CallContext, unknown>

/** Follows the taps of one plugin from their call until they have really ended, which the kernel's own wait does not tell. */
export class TapWatch {
  readonly #underway = new Map<object, { readonly name: string; readonly ended: Promise<unknown> }>()

  /** The same plugin, watched. */
  watched(plugin: Plugin): Plugin {
    return {
      ...plugin,
      prepare: () => {
        const prepared = plugin.prepare()
        if (!prepared.success) return prepared
        return { success: true, setup: (kernel) => byPlugin.run(this, () => this.#follow('setup', prepared.setup({ ...kernel, hooks: this.#hooks(kernel.hooks) }))) }
      },
    }
  }

  /** The taps that have not ended after so many looks. */
  async late(looks: number): Promise<readonly string[]> {
    for (let look = 0; look < looks && this.#underway.size > 0; look++) await sleep(LOOK_MS)
    return [...this.#underway.values()].map(({ name }) => name)
  }

  #hooks<H extends object>(hooks: H): H {
    return new Proxy(hooks, {
      get: (target, name) => {
        const hook: unknown = Reflect.get(target, name)
        return isHook(hook) ? this.#hook(String(name), hook) : hook
      },
    })
  }

  #hook(name: string, hook: AnyHook): AnyHook {
    return {
      tapPromise: (tap, fn) => {
        const call = `${name}: ${nameOf(tap)}`
        hook.tapPromise(tap, (subject, context) => byPlugin.run(this, () => this.#follow(call, fn(this.#subject(call, subject), context))))
      },
    }
  }

  /** What a watch is to be told at its end belongs to the plugin as well. */
  #subject(call: string, subject: unknown): unknown {
    if (!isWatch(subject)) return subject
    return { atEnd: (finish) => subject.atEnd(() => byPlugin.run(this, () => this.#follow(`${call}, at its end`, finish()))) } satisfies WatchView
  }

  #follow<R>(name: string, result: R): R {
    if (!(result instanceof Promise)) return result
    const call = {}
    const over = () => this.#underway.delete(call)
    this.#underway.set(call, { name, ended: result.then(over, over) })
    return result
  }
}

function nameOf(tap: string | TapOptions): string {
  return typeof tap === 'string' ? tap : tap.name
}

function isWatch(subject: unknown): subject is WatchView {
  return typeof subject === 'object' && subject !== null && 'atEnd' in subject
}

function isHook(value: unknown): value is AnyHook {
  return typeof value === 'object' && value !== null && 'tapPromise' in value
}
