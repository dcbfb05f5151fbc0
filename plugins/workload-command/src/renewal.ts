import type { TakesEffect } from '@semantos/core'
import type { ServiceOptions } from './options.js'

/** Whether a trial must restart its service for what it was asked to make anew. */
export function needsRestart(asked: readonly TakesEffect[], fresh: readonly TakesEffect[], service: ServiceOptions | undefined): boolean {
  if (!service) return false
  return service.restart_each_trial || asked.some((kind) => service.restart_on.includes(kind) && !fresh.includes(kind))
}

/** What the trial could not make anew. */
export function unseenBy(asked: readonly TakesEffect[], fresh: readonly TakesEffect[], restarted: ServiceOptions | null): TakesEffect[] {
  const renewed: readonly TakesEffect[] = ['at once', ...fresh, ...(restarted?.restart_on ?? [])]
  return asked.filter((kind) => !renewed.includes(kind))
}
