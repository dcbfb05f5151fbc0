import { execFileSync } from 'node:child_process'
import { geteuid } from 'node:process'
import { Fields } from './fields.js'
import { guardFile } from './watchdog-process.js'
import type { GuardTask } from './watchdog-task.js'
import { isInside, wayInto } from './namespaces.js'
import type { Scope } from './records.js'
import { type TouchedFile, type Shown, decodeShown, isOfNetns, showTouched } from './touched-file.js'

/** Null: in a network namespace that may not be looked into from here. */
export type Seen = Shown | null

/** What a run's files show now: those of its network namespace as they look inside it, wherever this process is. */
export function showFiles(files: readonly TouchedFile[], { root, scope }: { readonly root: string; readonly scope: Scope }): Seen[] {
  const away = isInside(scope) ? [] : files.filter(isOfNetns)
  const inside = away.length === 0 ? [] : showInside(away, root, scope)
  return files.map((file) => (away.includes(file) ? (inside[away.indexOf(file)] ?? null) : showTouched(root, file)))
}

/** A process that nsenter(1) puts there reads them: /proc/sys/net shows the namespace of whoever reads. */
function showInside(files: readonly TouchedFile[], root: string, scope: Scope): Seen[] {
  const way = wayInto(scope)
  // Without root, a process that keeps it alive may be out of sight.
  if (way === null) return files.map(() => (geteuid?.() === 0 ? { reason: 'its network namespace is gone', gone: true } : null))
  const task: GuardTask = { task: 'show', root, paths: files.map(({ path }) => path) }
  try {
    const printed = execFileSync('nsenter', [`--net=${way}`, '--', process.execPath, guardFile(), JSON.stringify(task)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const shown: unknown = JSON.parse(printed)
    return new Fields({ shown }).list('shown', decodeShown)
  } catch {
    return files.map(() => null)
  }
}
