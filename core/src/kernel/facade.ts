import { similarTo } from '../model/similar.js'
import type { CallContext } from './contexts.js'
import { SemantosError } from './errors.js'
import type { Tappable } from './hook.js'
import type { Hooks } from './hooks.js'
import type { Plugin, StageHooks } from './plugin.js'
import { LIFECYCLE, STAGES } from './stages.js'

/** The hooks as one plugin may use them. Reaching for another stage's hook is an error that says so, also from JavaScript. */
export function facadeFor(plugin: Plugin, hooks: Hooks): StageHooks<'any'> {
  const allowed: ReadonlySet<string> | 'all' = plugin.stage === 'any' ? 'all' : new Set([...STAGES[plugin.stage].hooks, ...LIFECYCLE])
  const names = Object.keys(hooks).filter((name) => allowed === 'all' || allowed.has(name))
  const open = <S, C extends CallContext, R>(hook: { name: string; for(plugin: string): Tappable<S, C, R> }): Tappable<S, C, R> => {
    if (allowed === 'all' || allowed.has(hook.name)) return closed(hook.for(plugin.id), (name) => unknown(`${hook.name}.${name}`, "Use tapPromise('name', (subject, context) => …)."))
    throw new SemantosError('SEMANTOS_E_PLUGIN_HOOK', {
      message: `${plugin.id} is a plugin of stage '${plugin.stage}' and may not tap ${hook.name}; it may tap ${[...allowed].join(', ')}`,
      plugin: plugin.id,
      hook: hook.name,
    })
  }
  const unknown = (name: string, next: string) =>
    new SemantosError('SEMANTOS_E_PLUGIN_HOOK', { message: `${plugin.id} uses hooks.${name}, and there is no such thing`, plugin: plugin.id, next })
  const facade = {
    get configure() { return open(hooks.configure) },
    get start() { return open(hooks.start) },
    get collect() { return open(hooks.collect) },
    get watch() { return open(hooks.watch) },
    get retrieve() { return open(hooks.retrieve) },
    get read() { return open(hooks.read) },
    get reason() { return open(hooks.reason) },
    get guard() { return open(hooks.guard) },
    get schedule() { return open(hooks.schedule) },
    get apply() { return open(hooks.apply) },
    get undo() { return open(hooks.undo) },
    get persist() { return open(hooks.persist) },
    get observe() { return open(hooks.observe) },
    get judge() { return open(hooks.judge) },
    get measure() { return open(hooks.measure) },
    get trial() { return open(hooks.trial) },
    get evaluate() { return open(hooks.evaluate) },
    get learn() { return open(hooks.learn) },
    get report() { return open(hooks.report) },
    get tuned() { return open(hooks.tuned) },
    get explain() { return open(hooks.explain) },
    get fault() { return open(hooks.fault) },
    get dispose() { return open(hooks.dispose) },
  }
  return closed(facade, (name) => {
    const [near] = similarTo(name, names, 1)
    return unknown(name, near === undefined ? `It may tap ${names.join(', ')}.` : `Did its author mean hooks.${near}?`)
  })
}

/** The same object, which answers a name that it does not have with an error of ours, also from JavaScript. */
function closed<T extends object>(target: T, refusal: (name: string) => SemantosError): T {
  return new Proxy(target, {
    get: (own, name) => {
      // A promise that is resolved with it looks for `then`.
      if (typeof name === 'string' && name !== 'then' && !(name in own)) throw refusal(name)
      const value: unknown = Reflect.get(own, name)
      return value
    },
  })
}
