import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { bin } from './semantos.js'

const SCRIPT = '/usr/bin/script'

/** script(1) of util-linux gives a command a terminal of its own. */
export const hasTerminals = existsSync(SCRIPT)

/** The command line as one line for a shell. */
export function lineOf(...words: string[]): string {
  return [process.execPath, bin, ...words].map((word) => `'${word}'`).join(' ')
}

/** What a terminal of 200 columns has shown once the line has ended. */
export function onTerminal(cwd: string, line: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(SCRIPT, ['--quiet', '--return', '--command', `stty cols 200; ${line}`, '/dev/null'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
    let shown = ''
    child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()))
    child.on('close', () => resolve(shown))
  })
}
