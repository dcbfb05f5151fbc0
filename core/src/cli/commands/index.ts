import type { Command } from 'commander'
import { OTHERS } from './others.js'
import { defineRun } from './run.js'

/** Adds a command; `exit` sets the status of a command that succeeded in saying no. */
export type DefineCommand = (program: Command, exit: (status: number) => void) => void

const HELP = new Set(['-h', '--help', '-V', '--version'])

/** The default command alone for options alone, because defining the others takes its time; all of them for anything else. */
export function commandsFor([first = '', ...rest]: readonly string[]): readonly DefineCommand[] {
  const runs = first === 'run' || first === '' || (first.startsWith('-') && ![first, ...rest].some((argument) => HELP.has(argument)))
  return runs ? [defineRun] : [defineRun, ...OTHERS]
}
