import { Fields, text } from './fields.js'

/** What guard.js is told on its command line, as JSON. */
export type GuardTask = SettleTask | RestoreTask | RecoverTask | ShowTask

/** The run has ended: restores what it left undone. Prints how many seconds its lease runs on, or nothing when all is settled. */
export interface SettleTask {
  readonly task: 'settle'
  readonly stateDir: string
  readonly run: string
  readonly writeLimitMs: number
}

/** Takes one run back and prints the rows as JSON. Whoever starts it holds the lock. */
export interface RestoreTask {
  readonly task: 'restore'
  readonly stateDir: string
  readonly run: string
  readonly knob: string | null
  readonly dryRun: boolean
  readonly force: boolean
  readonly by: string
}

/** Takes back every run that died before it was done or was not confirmed in time: what the systemd unit does at boot. */
export interface RecoverTask {
  readonly task: 'recover'
  readonly stateDir: string
  readonly root: string
}

/** Prints what sysctls show in the network namespace of this process. */
export interface ShowTask {
  readonly task: 'show'
  readonly root: string
  readonly paths: readonly string[]
}

const TASKS = ['settle', 'restore', 'recover', 'show'] as const

export function decodeTask(json: unknown): GuardTask {
  const o = new Fields(json)
  const task = o.oneOf('task', TASKS)
  switch (task) {
    case 'settle':
      return { task, stateDir: o.text('stateDir'), run: o.text('run'), writeLimitMs: o.whole('writeLimitMs') }
    case 'restore':
      return { task, stateDir: o.text('stateDir'), run: o.text('run'), knob: o.textOrNull('knob'), dryRun: o.at('dryRun') === true, force: o.at('force') === true, by: o.text('by') }
    case 'recover':
      return { task, stateDir: o.text('stateDir'), root: o.text('root') }
    case 'show':
      return { task, root: o.text('root'), paths: o.list('paths', text) }
  }
}
