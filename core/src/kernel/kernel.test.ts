import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { failureOf, kernelOf, plugin, situationOf, untyped } from '../../../tests/faults/kernel-of.js'
import type { Plugin } from './plugin.js'
import { LIFECYCLE, STAGES, STAGE_NAMES } from './stages.js'

/** A plugin that notes when it is closed, and may fail at it. */
const closing = (name: string, closed: string[], fails = false): Plugin =>
  plugin(name, 'any', ({ hooks }) =>
    hooks.dispose.tapPromise('close', async () => {
      await sleep(1)
      closed.push(name)
      if (fails) throw new Error(`${name} will not close`)
    }),
  )

describe('disposal', () => {
  test('closes newest first', async () => {
    const closed: string[] = []
    const kernel = await kernelOf([closing('a', closed), closing('b', closed), closing('c', closed)])
    await kernel.dispose()
    expect(closed).toEqual(['c', 'b', 'a'])
  })

  test('closes all, even when some fail, and says which', async () => {
    const closed: string[] = []
    const kernel = await kernelOf([closing('a', closed, true), closing('b', closed), closing('c', closed, true)])
    const error = await failureOf(kernel.dispose())
    expect(closed).toEqual(['c', 'b', 'a'])
    expect(error).toMatchObject({ code: 'SEMANTOS_E_DISPOSE', message: 'could not close everything: c failed in dispose: c will not close; a failed in dispose: a will not close', plugin: 'c and a', hook: 'dispose' })
    expect(error).toHaveProperty('cause.errors', [expect.objectContaining({ plugin: 'c' }), expect.objectContaining({ plugin: 'a' })])
    expect(error instanceof Error && error.cause).toBeInstanceOf(AggregateError)
  })

  test('cuts off one that hangs, and goes on', async () => {
    const closed: string[] = []
    const hung = plugin('hung', 'any', ({ hooks }) => hooks.dispose.tapPromise('t', () => new Promise<void>(() => undefined)))
    const kernel = await kernelOf([closing('a', closed), hung], { timeLimitsMs: { default: 20 } })
    expect(await failureOf(kernel.dispose())).toHaveProperty('cause.errors', [expect.objectContaining({ code: 'SEMANTOS_E_PLUGIN_TIMEOUT', plugin: 'hung' })])
    expect(closed).toEqual(['a'])
  })

  test('is done once, and a second caller waits for the first', async () => {
    const closed: string[] = []
    const kernel = await kernelOf([closing('a', closed)])
    await Promise.all([kernel.dispose(), kernel.dispose(), kernel[Symbol.asyncDispose]()])
    expect(closed).toEqual(['a'])
  })

  test('follows a setup that fails: what was opened before is closed, once, and what came after never began', async () => {
    const closed: string[] = []
    const begun: string[] = []
    const failing = plugin('failing', 'any', () => Promise.reject(new Error('no such device')))
    const after = plugin('after', 'any', () => void begun.push('after'))
    const error = await failureOf(kernelOf([closing('a', closed), closing('b', closed), failing, after]))
    expect(error).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_THREW', plugin: 'failing', hook: 'setup', message: 'failing failed in setup: no such device' })
    expect(closed).toEqual(['b', 'a'])
    expect(begun).toEqual([])
  })

  test('follows a catalogue that fails, once', async () => {
    const closed: string[] = []
    const broken = plugin('broken', 'knowledge', ({ hooks }) => hooks.configure.tapPromise('t', () => Promise.reject(new Error('no data'))))
    expect(await failureOf(kernelOf([closing('a', closed), broken, closing('b', closed)]))).toMatchObject({ plugin: 'broken', hook: 'configure' })
    expect(closed).toEqual(['b', 'a'])
  })

  test('follows taps that cannot be ordered, those of dispose among them', async () => {
    const closed: string[] = []
    const circle = (name: string, other: string) => plugin(name, 'any', ({ hooks }) => hooks.dispose.tapPromise({ name: 't', after: [other] }, () => void closed.push(name)))
    expect(await failureOf(kernelOf([circle('x', 'y'), circle('y', 'x'), closing('a', closed)]))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_ORDER', hook: 'dispose' })
    expect(closed.toSorted()).toEqual(['a', 'x', 'y'])
  })

  test('does not hide why setup failed when closing fails as well, and says both', async () => {
    const logged: string[] = []
    const failing = plugin('failing', 'any', () => Promise.reject(new Error('first')))
    const error = await failureOf(kernelOf([closing('a', [], true), failing], { log: (who, message) => void logged.push(`${who}: ${message}`) }))
    expect(error).toMatchObject({ plugin: 'failing' })
    expect(logged).toEqual(['semantos: could not close everything: a failed in dispose: a will not close'])
  })
})

describe('taps', () => {
  test('after setup are refused', async () => {
    const later: (() => void)[] = []
    await using kernel = await kernelOf([plugin('late', 'telemetry', ({ hooks }) => void later.push(() => hooks.collect.tapPromise('t', () => undefined)))])
    expect(kernel.hooks.collect.taps).toEqual([])
    expect(() => later[0]?.()).toThrow(expect.objectContaining({ code: 'SEMANTOS_E_PLUGIN_LATE_TAP', plugin: 'late', hook: 'collect' }))
  })

  test('from within a tap are refused and blamed', async () => {
    const nested = plugin('nested', 'telemetry', ({ hooks }) => hooks.start.tapPromise('t', () => hooks.collect.tapPromise('u', () => undefined)))
    await using kernel = await kernelOf([nested])
    expect(await failureOf(kernel.hooks.start.run({ planning: true }, situationOf(kernel)))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_LATE_TAP', plugin: 'nested' })
  })

  test('run in the order of before and after, whatever the order of the config', async () => {
    const order = (name: string, rules: { before?: string[]; after?: string[] }) => plugin(name, 'any', ({ hooks }) => hooks.start.tapPromise({ name: 't', ...rules }, () => undefined))
    await using kernel = await kernelOf([order('c', { after: ['b#t'] }), order('b', {}), order('a', { before: ['b', 'not-installed'] })])
    expect(kernel.hooks.start.taps.map((tap) => tap.plugin)).toEqual(['a', 'b', 'c'])
  })
})

describe('a plugin of a stage', () => {
  test.each(STAGE_NAMES)('%s may tap its own hooks and the lifecycle, and no other', async (stage) => {
    const own: readonly string[] = [...STAGES[stage].hooks, ...LIFECYCLE]
    const reached: string[] = []
    const refused: string[] = []
    const curious = plugin('curious', 'any', () => undefined)
    const disguised: Plugin = {
      ...curious,
      stage,
      prepare: () => ({
        success: true,
        setup: ({ hooks }) => {
          for (const name of Object.keys(hooks)) {
            try {
              Reflect.get(hooks, name)
              reached.push(name)
            } catch (error) {
              refused.push(name)
              expect(error).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_HOOK', plugin: 'curious', hook: name })
              expect(String(error)).toContain(`may tap ${own.join(', ')}`)
            }
          }
        },
      }),
    }
    await using kernel = await kernelOf([disguised])
    expect(reached.toSorted()).toEqual(own.toSorted())
    expect([...reached, ...refused].toSorted()).toEqual(Object.keys(kernel.hooks).toSorted())
  })

  test('any may tap all', async () => {
    const names: string[] = []
    await using kernel = await kernelOf([plugin('all', 'any', ({ hooks }) => void names.push(...Object.keys(hooks).filter((name) => Reflect.get(hooks, name) !== undefined)))])
    expect(names.toSorted()).toEqual(Object.keys(kernel.hooks).toSorted())
  })

  test('that reaches for a foreign hook fails the start', async () => {
    const spy = plugin('spy', 'telemetry', ({ hooks }) => void Reflect.get(hooks, 'apply'))
    expect(await failureOf(kernelOf([spy]))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_HOOK', plugin: 'spy', hook: 'apply', message: "spy is a plugin of stage 'telemetry' and may not tap apply; it may tap collect, watch, start, explain, fault, dispose" })
  })

  test.each([
    ['a hook that there is not', 'colect', 'spy uses hooks.colect, and there is no such thing', 'Did its author mean hooks.collect?'],
    ['one that is far from all', 'x', 'spy uses hooks.x, and there is no such thing', 'It may tap start, collect, watch, explain, fault, dispose.'],
  ])('that reaches for %s is told the near one', async (_, name, message, next) => {
    const spy = plugin('spy', 'telemetry', ({ hooks }) => void Reflect.get(hooks, name))
    expect(await failureOf(kernelOf([spy]))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_HOOK', plugin: 'spy', message, next })
  })

  test("that uses another method of tapable's, or no function, is told the one there is", async () => {
    const next = "Use tapPromise('name', (subject, context) => …)."
    const sync = plugin('spy', 'telemetry', ({ hooks }) => void Reflect.get(hooks.collect, 'tap'))
    expect(await failureOf(kernelOf([sync]))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_HOOK', plugin: 'spy', message: 'spy uses hooks.collect.tap, and there is no such thing', next })
    const nameless = plugin('spy', 'telemetry', ({ hooks }) => hooks.collect.tapPromise(untyped(() => undefined), untyped(undefined)))
    expect(await failureOf(kernelOf([nameless]))).toMatchObject({ code: 'SEMANTOS_E_PLUGIN_HOOK', plugin: 'spy', hook: 'collect', message: 'spy tapped collect without a function', next })
  })

  test('that taps nothing is named', async () => {
    const logged: string[] = []
    await using _kernel = await kernelOf([plugin('idle', 'any', () => undefined), closing('busy', [])], { log: (who, message) => void logged.push(`${who}: ${message}`) })
    expect(logged).toEqual(['idle: registers no hooks and will never run'])
  })

  test.each(['telemetry', 'reasoning', 'any'] as const)('%s is handed no writing door', async (stage) => {
    const doors: object[] = []
    await using _kernel = await kernelOf([plugin('p', stage, ({ host }) => void doors.push(host))])
    expect(Object.keys(doors[0] ?? {}).toSorted()).toEqual(['link', 'list', 'open', 'readKnob', 'root'])
  })

  test('applier is handed the writing door', async () => {
    const doors: object[] = []
    await using _kernel = await kernelOf([plugin('p', 'applier', ({ host }) => void doors.push(host))])
    expect(doors[0]).toHaveProperty('write')
    expect(doors[0]).toHaveProperty('restore')
  })
})
