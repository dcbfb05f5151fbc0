import type { Command } from 'commander'
import { defineApply } from './apply.js'
import { defineCompletion } from './completion.js'
import { defineConfigCommand } from './config.js'
import { defineConfirm } from './confirm.js'
import { defineDiff } from './diff.js'
import { defineDoctor } from './doctor.js'
import { defineExplain } from './explain.js'
import { defineExport } from './export.js'
import { defineHelp } from './help.js'
import { defineHistory } from './history.js'
import { defineRun } from './run.js'
import { defineInstallGuard } from './install-watchdog.js'
import { defineImport } from './import.js'
import { defineInit } from './init.js'
import { definePlan } from './plan.js'
import { definePlugins } from './plugins.js'
import { defineReport } from './report.js'
import { defineRollback } from './rollback.js'
import { defineStatus } from './status.js'
import { defineSweep } from './sweep.js'
import { defineTune } from './tune.js'

/** Adds a command; `exit` sets the status of a command that succeeded in saying no. */
export type DefineCommand = (program: Command, exit: (status: number) => void) => void

/** Every command but `run`, in the order of --help: looking, changing, taking back, asking, exchanging, setting up. */
export const OTHERS: readonly DefineCommand[] = [
  definePlan, defineApply, defineTune, defineSweep, defineReport, defineRollback, defineStatus, defineHistory, defineDiff, defineConfirm,
  defineDoctor, defineExplain, defineImport, defineExport, definePlugins, defineConfigCommand, defineInit, defineInstallGuard, defineCompletion, defineHelp,
]

const HELP = new Set(['-h', '--help', '-V', '--version'])

/** The default command alone for options alone, because defining the others takes its time; all of them for anything else. */
export function commandsFor([first = '', ...rest]: readonly string[]): readonly DefineCommand[] {
  const runs = first === 'run' || first === '' || (first.startsWith('-') && ![first, ...rest].some((argument) => HELP.has(argument)))
  return runs ? [defineRun] : [defineRun, ...OTHERS]
}
