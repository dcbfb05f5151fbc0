import type { Change, Outcome, StepReport, TuneReport, Undone } from '@semantos/core'

/** What happens in a run, as it happens: progress, JSON documents and whoever else listens read this one stream. */
export type RunEvent =
  | { readonly type: 'trial'; readonly done: number; readonly total: number | null; readonly what: string }
  | { readonly type: 'applied'; readonly step: number; readonly changes: readonly Change[] }
  | ({ readonly type: 'step'; readonly number: number } & Pick<StepReport, 'step' | 'judgement'>)
  | { readonly type: 'restored'; readonly values: readonly Undone[] }
  | { readonly type: 'warning'; readonly plugin: string; readonly message: string }
  | { readonly type: 'plugin-health'; readonly plugin: string; readonly hook: string | null; readonly code: string }
  | { readonly type: 'done'; readonly outcome: Outcome | TuneReport['outcome'] }

/** Is told each event of a run. */
export type RunListener = (event: RunEvent) => void
