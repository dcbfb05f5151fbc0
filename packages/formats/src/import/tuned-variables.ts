import { SemantosError } from '@semantos/core'
import type { Source } from './imported.js'

/** What a profile may ask about the machine; null where it is not known. */
export interface Machine {
  /** The text of /proc/cpuinfo. */
  readonly cpuinfo: string | null
  /** Kernel name, node name, release, version and machine, as `uname -snrvm` prints them. */
  readonly uname: string | null
  readonly virtual: boolean | null
  readonly governors: readonly string[] | null
  readonly energyPreferences: readonly string[] | null
}

/** Variables that double each other would fill the memory. */
const LONGEST = 64 * 1024

/** The variables of a tuned profile. Each is expanded when it is defined, with those defined before it. */
export class Variables {
  readonly #values = new Map<string, string>()

  constructor(readonly machine: Machine) {}

  define(name: string, text: string, source: Source): string {
    const value = this.expand(text, source)
    this.#values.set(name, value)
    return value
  }

  /** Puts in variables and the functions that can be answered here; what cannot be stays as it is written. */
  expand(text: string, source: Source): string {
    let length = text.length
    const put = (whole: string, name: string) => {
      const value = this.#values.get(name) ?? whole
      length += value.length
      if (length > LONGEST) throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: 'the value expands to more than 64 KiB', place: `${source.file}:${source.line}` })
      return value
    }
    const expanded = text.replace(/(?<!\\)\$\{(\w+)\}/g, put).replace(/\\(\$\{\w+\})/g, '$1')
    return this.#callFunctions(expanded).replace(/\\(\$\{f:.*\})/g, '$1')
  }

  /** Calls `${f:name:argument:…}` from the inside out. */
  #callFunctions(text: string): string {
    const starts: number[] = []
    let done = ''
    for (let at = 0; at < text.length; at++) {
      if (text.startsWith('${', at)) starts.push(done.length)
      done += text.charAt(at)
      const start = text[at] === '}' ? starts.pop() : undefined
      if (start === undefined || !done.startsWith('${f:', start) || done[start - 1] === '\\') continue
      const [name = '', ...args] = done.slice(start + '${f:'.length, -1).split(/(?<!\\):/)
      const result = this.#call(name, args.map((argument) => argument.replaceAll('\\:', ':')))
      if (result !== null) done = done.slice(0, start) + result
    }
    return done
  }

  /** The result of a function, or null for one that is not answered here: most of them run commands. */
  #call(name: string, args: readonly string[]): string | null {
    if (name === 'strip') return args.join('').trim()
    if (name === 'virt_check' && this.machine.virtual !== null) return (this.machine.virtual ? args[0] : args[1]) ?? null
    return null
  }
}

/** Why a text is no value yet: a function or variable that stayed as it is written. Null where nothing did. */
export function unresolved(text: string): string | null {
  const called = /\$\{f:(\w+)/.exec(text)?.[1]
  if (called !== undefined) return `it needs the answer of tuned's function ${called}, which is not called here`
  const variable = /\$\{([^}]*)\}/.exec(text)?.[1]
  return variable === undefined ? null : `the variable ${variable} has no value`
}
