import { readFileSync } from 'node:fs'

/** A moment by the clock of the day, to be shown, and by the time since boot, to be kept: setting the clock moves no deadline. */
export interface Deadline {
  readonly time: string
  /** As in /proc/uptime, which goes on while the machine sleeps. */
  readonly uptime_s: number
}

export function deadlineIn(ms: number): Deadline {
  return { time: new Date(Date.now() + ms).toISOString(), uptime_s: Math.round(uptimeSeconds() * 1000 + ms) / 1000 }
}

/** In the boot in which it was set. Negative when it has passed. */
export function remainingSeconds(deadline: Deadline): number {
  return deadline.uptime_s - uptimeSeconds()
}

function uptimeSeconds(): number {
  try {
    return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])
  } catch {
    return performance.timeOrigin / 1000 + performance.now() / 1000
  }
}
