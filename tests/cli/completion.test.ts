import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { CONFIG } from './fake-host.js'
import { hasTerminals } from './on-terminal.js'
import { bin, scratch, workspace } from './semantos.js'

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0

/** A line as it is typed, and words that the shell must offer for its end. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['semantos roll', ['rollback']],
  ['semantos --see', ['--seed']],
  ['semantos plan --o', ['--out']],
  ['semantos explain vm.swappi', ['vm.swappiness']],
  ['semantos rollback --knob net.core.somax', ['net.core.somaxconn']],
  ['semantos tune --knobs vm.dirty_r', ['vm.dirty_ratio']],
  ['semantos tune --goal p9', ['p95', 'p99']],
  ['semantos history sh', ['show']],
  ['semantos completion z', ['zsh']],
]

let folder = ''
let env: NodeJS.ProcessEnv = {}

/** A folder with a config and, on the search path, a `semantos`. */
beforeAll(() => {
  folder = workspace('completion')
  copyFileSync(CONFIG, join(folder, 'semantos.config.mjs'))
  const programs = scratch('bin')
  writeFileSync(join(programs, 'semantos'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`, { mode: 0o755 })
  env = { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`, TERM: 'dumb' }
})

describe.skipIf(!has('bash'))('bash (skipped where it is not installed)', () => {
  const asked = 'source <(semantos completion bash); complete -p semantos >&2; COMP_WORDS=($0); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _semantos; printf "%s\\n" "${COMPREPLY[@]}"'
  test.each(CASES)('offers for "%s" %j', (line, words) => {
    expect(execFileSync('bash', ['--norc', '-c', asked, line], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' }).trim().split('\n')).toEqual(words)
  })

  test('leaves file names to the shell where a file is wanted', () => {
    for (const line of ['semantos apply pl', 'semantos plan --out pl']) expect(execFileSync('bash', ['--norc', '-c', asked, line], { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' }).trim()).toBe('')
  })
})

describe.skipIf(!has('fish'))('fish (skipped where it is not installed)', () => {
  test.each(CASES)('offers for "%s" %j', (line, words) => {
    const offered = execFileSync('fish', ['--no-config', '-c', 'semantos completion fish | source; complete -C $argv[1]', line], { cwd: folder, env, encoding: 'utf8' })
    expect(offered.trim().split('\n').map((one) => one.split('\t')[0])).toEqual(words)
  })
})

const SHELLS = [
  { shell: 'bash', flags: '--noprofile --norc -i', before: [] },
  { shell: 'zsh', flags: '-f -i', before: ['unset zle_bracketed_paste; autoload -U compinit && compinit -u -D'] },
]

describe.each(SHELLS)('$shell at a terminal', ({ shell, flags, before }) => {
  test.skipIf(!hasTerminals || !has(shell))('completes a command, a knob and a flag as they are typed (skipped without the shell or /usr/bin/script)', async () => {
    const shown = await typed(`${shell} ${flags}`, [...before, `source <(semantos completion ${shell})`], 'semantos expl\tvm.swappi\t--jso\t')
    expect(shown).toContain('"name":"vm.swappiness"')
  })
})

/** Types a line at the prompt of an interactive shell that has been set up, then leaves it. Returns what the terminal showed. */
function typed(shell: string, setUp: readonly string[], line: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn('/usr/bin/script', ['--quiet', '--return', '--command', shell, '/dev/null'], { cwd: folder, env, stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = [line, 'exit']
    let shown = ''
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString()
      if (/READY> $/.test(shown)) child.stdin.write(`${lines.shift() ?? ''}\n`)
    })
    child.on('close', () => resolve(shown))
    // In two pieces, so that the echo of this line is no prompt.
    child.stdin.write(`${[...setUp, "PS1='REA''DY> '"].join('\n')}\n`)
  })
}
