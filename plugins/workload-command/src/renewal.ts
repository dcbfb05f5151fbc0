import type { TakesEffect } from '@semantos/core'
import type { Command, ServiceOptions } from './options.js'

/** How what the kernel remembers is forgotten, and what has to be made anew behind that for it to be seen. */
const FLUSHES: Partial<Record<TakesEffect, { readonly command: Command; readonly then: TakesEffect }>> = {
  'tcp_metrics flush': { command: ['ip', 'tcp_metrics', 'flush', 'all'], then: 'new connections' },
}

/** Whether a trial must restart its service for what it was asked to make anew. */
export function needsRestart(asked: readonly TakesEffect[], fresh: readonly TakesEffect[], service: ServiceOptions | undefined): boolean {
  if (!service) return false
  const wanted = asked.filter((kind) => !fresh.includes(kind)).map((kind) => FLUSHES[kind]?.then ?? kind)
  return service.restart_each_trial || wanted.some((kind) => service.restart_on.includes(kind) && !fresh.includes(kind))
}

/** What a trial makes anew without a flush. */
export function renewedBy(fresh: readonly TakesEffect[], restarted: ServiceOptions | null): readonly TakesEffect[] {
  return ['at once', ...fresh, ...(restarted?.restart_on ?? [])]
}

/** What a trial has to make the kernel forget by a command of its own; where nothing is made anew behind it, that would be of no use. */
export function flushesFor(asked: readonly TakesEffect[], renewed: readonly TakesEffect[]): { readonly kind: TakesEffect; readonly command: Command }[] {
  return asked.flatMap((kind) => {
    const flush = FLUSHES[kind]
    return flush === undefined || renewed.includes(kind) || !renewed.includes(flush.then) ? [] : [{ kind, command: flush.command }]
  })
}
