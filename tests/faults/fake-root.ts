import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Knob, type KnobInput } from '@semantos/core'

/** A folder that stands for `/`, with these files; each gets the newline that the kernel would add. */
export function fakeRoot(files: Readonly<Record<string, string>>, within = tmpdir()): string {
  const root = realpathSync(mkdtempSync(join(within, 'semantos-root-')))
  for (const folder of ['proc/sys', 'sys/kernel/debug/sched']) mkdirSync(join(root, folder), { recursive: true })
  put(root, files)
  return root
}

export function put(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${text}\n`)
  }
}

/** The text of a file, without the trailing newline. */
export function textIn(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8').replace(/\n$/, '')
}

type Part = Partial<Omit<KnobInput, 'where'>> & { readonly where?: Partial<KnobInput['where']> }

/** A knob of a test's own: an integer sysctl unless it says otherwise, at the path that its name spells. */
export function knobOf(name: string, part: Part = {}): Knob {
  const wide = { min: -1_000_000_000, max: 1_000_000_000_000 }
  return Knob.parse({
    name,
    type: { kind: 'integer', unit: 'count', range: wide, safe: wide, search: null },
    default: null,
    versions: { since: null, until: null, successor: null },
    takes_effect: 'at once',
    risk: 'low',
    subsystem: 'memory',
    meaning: 'A knob that only a test uses, on files of its own.',
    documentation: 'https://docs.kernel.org/admin-guide/sysctl/',
    persist: 'none',
    ...part,
    where: { interface: 'sysctl', path: name.replaceAll('.', '/'), per: 'host', netns: 'none', ...part.where },
  })
}
