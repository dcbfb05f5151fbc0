import type { Setting } from '@semantos/core'
import type { Candidate } from './candidate.js'

/** What stands while a trial runs: nothing changed, or these settings. */
export interface Arm {
  readonly id: string
  readonly settings: readonly Setting[]
}

/** Nothing changed. */
export const BASELINE: Arm = { id: 'baseline', settings: [] }

/** An arm with a candidate's settings on top. */
export function withSettings(arm: Arm, candidate: Candidate): Arm {
  const settings = new Map([...arm.settings, ...candidate.settings].map((setting) => [setting.knob, setting]))
  const id = arm.id === BASELINE.id ? candidate.id : `${arm.id} ${candidate.id}`
  return { id, settings: [...settings.values()] }
}
