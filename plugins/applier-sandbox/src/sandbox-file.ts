import { readFileSync } from 'node:fs'
import { writeFileAtomic } from '@semantos/host'

const HEADER = `# SemantOS sandbox: what one run has set, in the format of sysctl.conf(5). No kernel was changed.
# What sysctl cannot set (sysfs, debugfs) stands in comments.
`

/** The file as one run sees it. Until the run writes to it, what an earlier run left there does not count. */
export class SandboxFile {
  #begun = false

  constructor(readonly path: string) {}

  /** What this run has written; empty before that, and when the file was removed. */
  text(): string {
    if (!this.#begun) return ''
    try {
      return readFileSync(this.path, 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
      throw error
    }
  }

  /** Adds a section; the file is replaced as a whole, so it always ends with a whole section. */
  append(heading: 'APPLY' | 'ROLLBACK', time: Date, lines: readonly string[]): void {
    const before = this.text() || HEADER
    writeFileAtomic(this.path, `${before}\n# --- ${heading} @ ${time.toISOString()} ---\n${lines.join('\n')}\n`, { durable: false })
    this.#begun = true
  }
}
