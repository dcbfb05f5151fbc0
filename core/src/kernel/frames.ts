const ownFiles = new Set([pathOf(import.meta.url)])

/** Frames of this file as well are left out: the program that runs the kernel, bundled apart from it. */
export function leaveOutFramesOf(url: string): void {
  ownFiles.add(pathOf(url))
}

/** Where an error was thrown, as `file:line:column`, innermost first. Frames of Node, of this package and of the program around it are left out. */
export function framesOf(error: unknown): string[] {
  return [...stackOf(error).matchAll(/\n\s+at (?:[^\n]*\()?(file:\/\/\/[^\n()]+?|\/[^\n()]+?)(:\d+:\d+)\)?(?=\n|$)/g)]
    .map(([, where = '', line = '']) => (where.startsWith('file:') ? pathOf(where) : where) + line)
    .filter((frame) => !ownFiles.has(frame.replace(/:\d+:\d+$/, '')))
}

function pathOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname)
}

/** The innermost frame in the plugin's package; of a plugin that is no installed package, the innermost outside all of them. */
export function frameIn(error: unknown, plugin: string): string | null {
  const frames = framesOf(error)
  const own = `/node_modules/${plugin.replace(/#.*$/, '')}/`
  return frames.find((frame) => frame.includes(own)) ?? frames.find((frame) => !frame.includes('/node_modules/')) ?? frames[0] ?? null
}

/** Plugins may throw anything, also what cannot be looked at. */
export function stackOf(error: unknown): string {
  try {
    return error instanceof Error && typeof error.stack === 'string' ? error.stack : ''
  } catch {
    return ''
  }
}
