/** Exit status of the command line for each kind of failure. */
const FAILED = 1
const WRONG_INPUT = 2
const REFUSED = 3

/**
 * Every error code of SemantOS, its exit status, and what to do next. `docs/errors.md` explains each; a test holds
 * the two together.
 */
export const CODES = {
  SEMANTOS_E_USAGE: { exit: WRONG_INPUT, next: 'See semantos --help.' },
  SEMANTOS_E_CONFIG_NOT_FOUND: { exit: WRONG_INPUT, next: 'Run semantos init to write a commented one, or name one with --config FILE.' },
  SEMANTOS_E_CONFIG_UNREADABLE: { exit: WRONG_INPUT, next: 'Correct the file at the place shown.' },
  SEMANTOS_E_CONFIG_INVALID: { exit: WRONG_INPUT, next: 'Correct the entry at the path shown.' },
  SEMANTOS_E_SLOT_UNKNOWN: { exit: WRONG_INPUT, next: 'Use one of the slots listed.' },
  SEMANTOS_E_SLOT_MISMATCH: { exit: WRONG_INPUT, next: 'Move the plugin to the slot of its stage.' },
  SEMANTOS_E_SLOT_CARDINALITY: { exit: WRONG_INPUT, next: 'Fill the slot with as many plugins as it takes.' },
  SEMANTOS_E_PLUGIN_NOT_FOUND: { exit: WRONG_INPUT, next: 'Install the package beside the config, or correct its name.' },
  SEMANTOS_E_PLUGIN_INVALID: { exit: WRONG_INPUT, next: 'Export what definePlugin returns as the default export.' },
  SEMANTOS_E_PLUGIN_UNSAFE: { exit: REFUSED, next: 'Keep it where only root can write: chown -R root, chmod -R o-w.' },
  SEMANTOS_E_PLUGIN_API: { exit: WRONG_INPUT, next: 'Install a version of the plugin made for this core, or the core it was made for.' },
  SEMANTOS_E_PLUGIN_DUPLICATE: { exit: WRONG_INPUT, next: 'Remove one, or give one an id: plugin({ … }, { id: "second" }) in code, id: "second" beside use: in data.' },
  SEMANTOS_E_PLUGIN_OPTIONS: { exit: WRONG_INPUT, next: "Correct the option; the plugin's page lists them." },
  SEMANTOS_E_PLUGIN_ORDER: { exit: WRONG_INPUT, next: 'Correct the before and after names of these taps.' },
  SEMANTOS_E_PLUGIN_THREW: { exit: WRONG_INPUT, next: 'Report it to the author of the plugin, or replace the plugin; --trace shows where it was thrown.' },
  SEMANTOS_E_PLUGIN_TIMEOUT: { exit: WRONG_INPUT, next: 'Raise time_limits_ms for this hook in the config if the plugin needs longer.' },
  SEMANTOS_E_PLUGIN_OUTPUT: { exit: REFUSED, next: 'Report it to the author of the plugin: the value breaks the contract of the hook.' },
  SEMANTOS_E_PLUGIN_LATE_TAP: { exit: FAILED, next: 'Tap hooks inside setup only.' },
  SEMANTOS_E_PLUGIN_HOOK: { exit: FAILED, next: "Use the hooks of the plugin's own stage, or make it a plugin of stage 'any' under plugins." },
  SEMANTOS_E_METRIC_DUPLICATE: { exit: WRONG_INPUT, next: 'Remove one of the two plugins, or give one another metric name.' },
  SEMANTOS_E_KNOB_DUPLICATE: { exit: WRONG_INPUT, next: 'Remove one of the two definitions.' },
  SEMANTOS_E_KNOB_UNKNOWN: { exit: REFUSED, next: 'Use a knob of the catalogue: semantos explain NAME shows near ones.' },
  SEMANTOS_E_KNOB_UNCLAIMED: { exit: REFUSED, next: "Add an applier for the knob's interface to the applier slot." },
  SEMANTOS_E_KNOB_VALUE: { exit: REFUSED, next: 'Use a value inside the bounds shown.' },
  SEMANTOS_E_PATH_REFUSED: { exit: REFUSED, next: 'SemantOS never writes this file. Remove the knob from the plan or the catalogue.' },
  SEMANTOS_E_JOURNAL_UNWRITABLE: { exit: FAILED, next: 'Nothing was written. Make room, or name another folder with --state-dir DIR, and run again.' },
  SEMANTOS_E_JOURNAL_UNREADABLE: { exit: REFUSED, next: 'Run the same command as root, with sudo.' },
  SEMANTOS_E_JOURNAL_UNSAFE: { exit: REFUSED, next: 'Name a folder that only this user can write to with --state-dir DIR.' },
  SEMANTOS_E_JOURNAL_BROKEN: { exit: FAILED, next: 'Compare the file with the kernel by hand; semantos rollback restores what its sound lines tell.' },
  SEMANTOS_E_LOCKED: { exit: REFUSED, next: 'Wait until it has ended, or end that process; then run again.' },
  SEMANTOS_E_UNCONFIRMED: { exit: REFUSED, next: 'Run semantos confirm to keep its values, or semantos rollback to take them back.' },
  SEMANTOS_E_RUN_UNKNOWN: { exit: WRONG_INPUT, next: 'See semantos history for the runs there are.' },
  SEMANTOS_E_LEASE_OVER: { exit: REFUSED, next: 'See semantos status for what is applied now.' },
  SEMANTOS_E_GUARD: { exit: FAILED, next: 'Nothing was written. Run again with --no-guard if the guard process cannot be started on this host.' },
  SEMANTOS_E_NETNS: { exit: WRONG_INPUT, next: 'Name one of ip netns list, or the number of a process inside the namespace.' },
  SEMANTOS_E_DISPOSE: { exit: FAILED, next: 'Report it to the author of the plugin. Everything else was closed.' },
  SEMANTOS_E_ABORTED: { exit: FAILED, next: 'Run it again.' },
  SEMANTOS_E_DATA_INVALID: { exit: WRONG_INPUT, next: 'Correct the file at the place shown.' },
  SEMANTOS_E_WRITE_FAILED: { exit: WRONG_INPUT, next: 'Make the folder writable, or free space, and run again.' },
  SEMANTOS_E_PLAN_STALE: { exit: REFUSED, next: 'Make a new plan with semantos plan --out FILE.' },
  SEMANTOS_E_TUNE_STALE: { exit: REFUSED, next: 'Give what it was begun with, or start a new tune, without --resume.' },
  SEMANTOS_E_APPLY_REFUSED: { exit: WRONG_INPUT, next: 'See the reason.' },
  SEMANTOS_E_APPLY_FAILED: { exit: FAILED, next: 'The step was rolled back. See the cause, then run semantos doctor.' },
  SEMANTOS_E_UNDO_FAILED: { exit: FAILED, next: 'Run semantos rollback; what could not be restored is listed.' },
  SEMANTOS_E_WORKLOAD: { exit: FAILED, next: 'Correct the workload, then run again.' },
} as const satisfies Record<`SEMANTOS_E_${string}`, { exit: 1 | 2 | 3; next: string }>

/** A code of the catalogue of errors, such as `SEMANTOS_E_DATA_INVALID`. */
export type ErrorCode = keyof typeof CODES

/** What an error says beside its code. The kernel adds plugin and hook where they are not given. */
export interface ErrorDetail {
  readonly message: string
  /** Where: a config path, a file and line, a row and column. */
  readonly place?: string | null
  readonly plugin?: string | null
  readonly hook?: string | null
  readonly cause?: unknown
  /** Replaces the code's own next step where a better one is known. */
  readonly next?: string
}

const BRAND = Symbol.for('semantos.error')

/** A failure with a stable code, who caused it, where, why, and what to do next. */
export class SemantosError extends Error {
  override readonly name = 'SemantosError'
  readonly [BRAND] = true
  readonly code: ErrorCode
  readonly place: string | null
  readonly plugin: string | null
  readonly hook: string | null
  readonly next: string

  constructor(code: ErrorCode, detail: ErrorDetail) {
    super(detail.message, { cause: detail.cause })
    this.code = code
    this.place = detail.place ?? null
    this.plugin = detail.plugin ?? null
    this.hook = detail.hook ?? null
    if (!Object.hasOwn(CODES, code)) throw new TypeError(`there is no error code '${code}', use one of docs/errors.md; it was to say: ${detail.message}`)
    this.next = detail.next ?? CODES[code].next
  }

  /** The exit status of the command line: 1 failed, 2 wrong input, 3 refused. */
  get exit(): 1 | 2 | 3 {
    return CODES[this.code].exit
  }
}

/** True for a SemantosError of any copy of this package: `instanceof` fails when a package is loaded twice. */
export function isSemantosError(error: unknown): error is SemantosError {
  return typeof error === 'object' && error !== null && BRAND in error
}

/** The same failure with who caused it, for one thrown without. */
export function attributed(error: SemantosError, plugin: string, hook: string): SemantosError {
  const { code, message, place, cause, next, stack } = error
  const named = new SemantosError(code, { message, place, plugin, hook: error.hook ?? hook, cause, next })
  if (stack !== undefined) named.stack = stack
  return named
}

/** The same failure with where it is, for one thrown without. */
export function located(error: SemantosError, place: string): SemantosError {
  const { code, message, plugin, hook, cause, next } = error
  return new SemantosError(code, { message, place, plugin, hook, cause, next })
}

/** What was thrown, in words: plugins may throw anything, also what cannot be made a string. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error)
  } catch {
    return Object.prototype.toString.call(error)
  }
}
