import { type AsyncHook, createHook } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { openHost } from '@semantos/host'
import { LOOK_MS, type TapWatch, byPlugin } from './by-plugin.js'

/** What Node can wait for, by the names of async_hooks, in the author's words. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['Timeout', 'a timer'],
  ['PROCESSWRAP', 'a child process'],
  ['TCPWRAP', 'a TCP connection'],
  ['TCPSERVERWRAP', 'a TCP server'],
  ['PIPEWRAP', 'a pipe'],
  ['PIPESERVERWRAP', 'a server on a local socket'],
  ['UDPWRAP', 'a UDP socket'],
  ['FSEVENTWRAP', 'a watched file'],
  ['STATWATCHER', 'a watched file'],
  ['WORKER', 'a worker thread'],
])

/** How often is looked, `LOOK_MS` apart, for what closes once `dispose` has been called: a second, and more where the machine is busy. */
const LOOKS = 50

interface Opened {
  readonly kind: string
  readonly resource: object
  /** The line that opened it. */
  readonly where: string
}

/** What a plugin has opened and not closed: what keeps Node alive, children that run, and files of its folders. */
export class Leftovers implements Disposable {
  readonly #opened = new Map<number, Opened>()
  readonly #hook: AsyncHook

  constructor(
    taps: TapWatch,
    readonly folders: readonly string[],
  ) {
    this.#hook = createHook({
      init: (id, type, _trigger, resource) => {
        const kind = KINDS.get(type)
        if (kind !== undefined && byPlugin.getStore() === taps) this.#opened.set(id, { kind, resource, where: callerOf(new Error().stack) })
      },
      destroy: (id) => void this.#opened.delete(id),
    }).enable()
  }

  /** Waits a moment for what is still opening or closing. */
  async list(): Promise<readonly string[]> {
    const left = () => [...this.#alive(), ...openFiles(this.folders)]
    let looks = 0
    do await sleep(LOOK_MS)
    while (left().length > 0 && ++looks < LOOKS)
    return left()
  }

  /** What is left has been told by now, and must not keep the author's tests from ending. */
  [Symbol.dispose](): void {
    this.#hook.disable()
    for (const { resource } of this.#opened.values()) if (isHandle(resource)) resource.unref()
  }

  #alive(): string[] {
    return [...this.#opened.values()].filter(({ resource }) => isAlive(resource)).map(({ kind, where }) => `${kind}, opened ${where}`)
  }
}

/** A child that is only detached still runs; anything else counts while it keeps the process from ending. */
function isAlive(resource: object): boolean {
  if ('pid' in resource && typeof resource.pid === 'number') return isRunning(resource.pid)
  return isHandle(resource) && resource.hasRef()
}

function isHandle(resource: object): resource is { hasRef(): boolean; unref(): void } {
  return 'hasRef' in resource && typeof resource.hasRef === 'function' && 'unref' in resource && typeof resource.unref === 'function'
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Descriptors of this process to files below these folders. Empty where there is no /proc. */
function openFiles(folders: readonly string[]): string[] {
  const host = openHost({ root: '/' })
  return host.list('/proc/self/fd').flatMap((descriptor) => {
    const path = host.link(`/proc/self/fd/${descriptor}`)
    return path !== null && folders.some((folder) => path.startsWith(`${folder}/`)) ? [`the open file ${path}`] : []
  })
}

function callerOf(stack = ''): string {
  const [, , ...frames] = stack.split('\n').map((line) => line.trim())
  return frames.find((frame) => /file:|\//.test(frame) && !frame.includes('node:')) ?? 'at an unknown place'
}
