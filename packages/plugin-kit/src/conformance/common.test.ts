import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, openSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { definePlugin, isSemantosError, type PluginStage, z } from '@semantos/core'
import { writeFileAtomic } from '@semantos/host'
import { describe, expect, onTestFinished, test } from 'vitest'
import { failing, plugin } from '../../testing/failing.js'
import { conformance } from './conformance.js'

const NO_OPTIONS = z.strictObject({})
/** Longer than the conformance tests wait for anything. */
const LONG_MS = 100_000

const IDENTITY = 'identity: it says what it is, for a contract that this core has'
const PACKAGE = 'identity: its name is that of its package'
const TAPS = 'identity: it taps a hook of its stage, and none of another stage'
const ANSWERS = 'answers: every hook it taps is answered as the model demands, within the default time limit'
const HANDED = 'answers: what it is handed stays as it was'
const CANCELLATION = 'cancellation: a run that stops ends what is under way'
const TIME_LIMITS = 'time limits: a tap whose time is up ends'
const DETERMINISM = 'determinism: the same seed and the same situation give the same bytes'
const AFTER_A_RUN = 'disposal: after a run nothing is left open or running'
const NEVER_ASKED = 'disposal: a plugin that was never asked closes as well'
const TWICE = 'disposal: closing twice is closing once'
const NEIGHBOUR = 'disposal: where another plugin cannot be set up, nothing is left of this one'
const OUTSIDE = 'writing: nothing outside the host door and the folders that it is given'
const PLANNING = 'planning: nothing at all is written'

/** A guard that allows everything, told otherwise where a test wants it wrong. */
const guard = (part: { readonly name?: string; readonly api?: number; readonly from?: string; readonly stage?: PluginStage }) =>
  definePlugin({ name: 'a-plugin', stage: 'guardrails', api: 1, options: NO_OPTIONS, setup: ({ hooks }) => hooks.guard.tapPromise('all', () => undefined), ...part })

/** A collector of one metric that does something else as well. */
const collector = (also: (signal: AbortSignal) => unknown) =>
  plugin('telemetry', ({ hooks }) => {
    hooks.collect.tapPromise('one', async (snapshot, { signal }) => {
      await also(signal)
      snapshot.add({ name: 'one', value: 1, unit: 'none' })
    })
  })

test('a plugin that keeps the contract fails nothing', async () => {
  expect(await failing(collector(() => undefined), { deterministic: true })).toEqual([])
})

describe('identity', () => {
  test('a name that no package can have', async () => {
    expect(await failing(guard({ name: 'A-Plugin' }))).toEqual([`A-Plugin: ${IDENTITY}`])
  })

  test('another version of the contract', async () => {
    expect(await failing(guard({ api: 2 }))).toEqual([IDENTITY])
  })

  test('a stage that there is not', async () => {
    const passes = (name: string): name is PluginStage => name !== ''
    const stage = 'guards'
    expect(await failing(guard(passes(stage) ? { stage } : {}))).toContain(IDENTITY)
  })

  test("another package's name", async () => {
    expect(await failing(guard({ from: import.meta.url }))).toEqual([PACKAGE])
  })

  test('nothing tapped, or only the lifecycle', async () => {
    expect(await failing(plugin('report', () => undefined))).toEqual([TAPS])
    expect(await failing(plugin('report', ({ hooks }) => hooks.dispose.tapPromise('close', () => undefined)))).toEqual([TAPS])
  })

  test("another stage's hook", async () => {
    const reaching = plugin('report', ({ hooks }) => {
      hooks.report.tapPromise('write', () => undefined)
      Reflect.get(hooks, 'apply')
    })
    expect(await failing(reaching)).toContain(TAPS)
  })

  test('what the factory returns instead of the factory', async () => {
    const passes = (value: unknown): value is ReturnType<typeof guard> => value !== null
    const made: unknown = guard({})()
    expect(await failing(passes(made) ? made : guard({}))).toEqual(['identity: it is what definePlugin returns'])
  })
})

describe('options', () => {
  const withOptions = <O extends z.ZodType>(options: O) => definePlugin({ name: 'a-plugin', stage: 'guardrails', api: 1, options, setup: ({ hooks }) => hooks.guard.tapPromise('all', () => undefined) })

  test('a schema that lets unknown options pass', async () => {
    expect(await failing(withOptions(z.object({ limit: z.number().default(1) })))).toEqual(['options: one that nobody reads is refused by its name'])
  })

  test('a schema that takes anything', async () => {
    expect(await failing(withOptions(z.unknown()))).toEqual(['options: one that nobody reads is refused by its name', 'options: what is not an object is refused'])
  })

  test('right options that are refused', async () => {
    expect(await failing(withOptions(z.strictObject({ limit: z.number().max(1) })), { options: { limit: 2 } })).toContain('options: right ones are accepted')
  })

  test('bad options that are accepted', async () => {
    expect(await failing(withOptions(z.strictObject({ limit: z.number().optional() })), { badOptions: [{ limit: 'much' }, { limit: -1 }] })).toEqual(['options: bad ones are refused before setup'])
  })
})

describe('answers', () => {
  test('a number that is none', async () => {
    const nonsense = plugin('telemetry', ({ hooks }) => hooks.collect.tapPromise('one', (snapshot) => snapshot.add({ name: 'one', value: Number.NaN, unit: 'none' })))
    expect(await failing(nonsense)).toContain(ANSWERS)
  })

  test('an exception', async () => {
    expect(await failing(collector(() => Promise.reject(new Error('no idea'))))).toContain(ANSWERS)
  })

  test('a change to what was handed over', async () => {
    const meddling = plugin('report', ({ hooks }) => hooks.report.tapPromise('write', (report) => void Reflect.set(report, 'outcome', report.outcome === 'applied' ? 'refused' : 'applied')))
    expect(await failing(meddling)).toEqual([HANDED])
    const tests = new Map<string, (context: { skip(): void }) => Promise<void>>()
    conformance((name, run) => void tests.set(name, run), meddling)
    await expect(tests.get(`a-plugin: ${HANDED}`)?.({ skip: () => undefined })).rejects.toThrow(/^report changed what it was handed: report\.outcome; return a copy with the changes$/)
  })
})

describe('a tap that does not end', () => {
  /** Sound until it is cut off for this reason; then it goes on as if it had not heard. */
  const deafTo = (code: string) =>
    collector(async (signal) => {
      await sleep(60)
      if (signal.aborted && isSemantosError(signal.reason) && signal.reason.code === code) await sleep(LONG_MS, undefined, { ref: false })
    })

  test('when the run stops', async () => {
    expect(await failing(deafTo('SEMANTOS_E_ABORTED'))).toEqual([CANCELLATION])
  })

  test('when its time is up', async () => {
    expect(await failing(deafTo('SEMANTOS_E_PLUGIN_TIMEOUT'))).toEqual([TIME_LIMITS])
  })
})

describe('determinism, where it is promised', () => {
  const random = plugin('telemetry', ({ hooks }) => hooks.collect.tapPromise('one', (snapshot) => snapshot.add({ name: 'one', value: Math.random(), unit: 'none' })))
  const dated = plugin('report', ({ hooks, paths }) => hooks.report.tapPromise('write', () => writeFileAtomic(join(paths.base, 'report'), new Date().toISOString())))

  test('a number drawn from nowhere', async () => expect(await failing(random, { deterministic: true })).toEqual([DETERMINISM]))
  test('a file with a date', async () => expect(await failing(dated, { deterministic: true })).toEqual([DETERMINISM]))
  test('is not asked of others', async () => expect(await failing(random)).toEqual([]))
})

describe('disposal', () => {
  test('a timer of setup', async () => {
    const timers: NodeJS.Timeout[] = []
    const ticking = plugin('telemetry', ({ hooks }) => {
      const timer = setInterval(() => undefined, 1000)
      timers.push(timer)
      setTimeout(() => clearInterval(timer), LONG_MS).unref()
      hooks.collect.tapPromise('none', () => undefined)
    })
    expect(await failing(ticking)).toEqual([AFTER_A_RUN, NEVER_ASKED, NEIGHBOUR])
    expect(timers.filter((timer) => timer.hasRef()), 'the tests of its author end all the same').toEqual([])
  })

  test('a timer of the end of a watch', async () => {
    const watching = plugin('telemetry', ({ hooks }) =>
      hooks.watch.tapPromise('one', (watch) =>
        watch.atEnd(() => {
          setTimeout(() => undefined, LONG_MS)
          return []
        }),
      ),
    )
    expect(await failing(watching)).toEqual([AFTER_A_RUN])
  })

  test('a server', async () => {
    const serving = collector(() => {
      const server = createServer().listen(0, '127.0.0.1')
      setTimeout(() => server.close(), LONG_MS).unref()
    })
    expect(await failing(serving)).toEqual([AFTER_A_RUN])
  })

  test('a child process, detached or not', async () => {
    const children: ChildProcess[] = []
    const forking = collector(() => {
      const child = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true })
      children.push(child)
      child.unref()
    })
    onTestFinished(() => children.forEach((child) => void child.kill()))
    expect(await failing(forking)).toEqual([AFTER_A_RUN])
  })

  test.runIf(process.platform === 'linux')('an open file', async () => {
    const keeping = plugin('telemetry', ({ hooks, paths }) => hooks.watch.tapPromise('log', () => void openSync(join(paths.base, 'log'), 'a')))
    expect(await failing(keeping)).toEqual([AFTER_A_RUN])
  })

  test('a dispose that can be called once', async () => {
    const once = plugin('report', ({ hooks }) => {
      let open = true
      hooks.report.tapPromise('write', () => undefined)
      hooks.dispose.tapPromise('close', () => {
        if (!open) throw new Error('closed already')
        open = false
      })
    })
    expect(await failing(once)).toEqual([TWICE])
  })

  test('a dispose that needs a start', async () => {
    const started = plugin('report', ({ hooks }) => {
      let begun = false
      hooks.start.tapPromise('begin', () => void (begun = true))
      hooks.report.tapPromise('write', () => undefined)
      hooks.dispose.tapPromise('close', () => {
        if (!begun) throw new Error('nothing to close')
      })
    })
    expect(await failing(started)).toEqual([TAPS, NEVER_ASKED])
  })
})

describe('writing', () => {
  /** Writes when the run may, to be sure that it is not the plan that is faulted. */
  const reporter = (write: (folders: { readonly root: string; readonly base: string }) => void) =>
    plugin('report', ({ hooks, host, paths }) => hooks.report.tapPromise('write', () => write({ root: host.root, base: paths.base })))

  test('to a kernel file, past the door', async () => {
    expect(await failing(reporter(({ root }) => writeFileSync(join(root, 'proc', 'loadavg'), '0.00')))).toEqual([OUTSIDE])
  })

  test('to a kernel file, by a child process', async () => {
    expect(await failing(reporter(({ root }) => void spawnSync('sh', ['-c', 'echo 0 > proc/loadavg'], { cwd: root })))).toEqual([OUTSIDE])
  })

  test('to a folder of nobody, even where that fails', async () => {
    const attempt = () => {
      try {
        writeFileSync('/nobody/has/this/folder', '')
      } catch {
        return
      }
    }
    expect(await failing(reporter(attempt))).toEqual([OUTSIDE])
  })

  test('while planning', async () => {
    const eager = plugin('report', ({ hooks, paths }) => {
      hooks.start.tapPromise('folder', () => void mkdirSync(join(paths.base, 'results'), { recursive: true }))
      hooks.report.tapPromise('write', () => undefined)
    })
    expect(await failing(eager)).toEqual([PLANNING])
  })
})
