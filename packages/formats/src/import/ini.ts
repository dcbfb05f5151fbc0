import { SemantosError } from '@semantos/core'
import type { Source } from './imported.js'

export interface IniOption {
  readonly value: string
  readonly source: Source
}

/** Options in the order in which each was first named; a later value replaces an earlier one in its place. */
export type IniSection = Map<string, IniOption>

/** An option that is being read: lines below it that stand further in belong to its value. */
interface Open {
  readonly section: IniSection
  readonly key: string
  readonly lines: string[]
  readonly source: Source
  readonly indent: number
}

/**
 * Reads an INI file as tuned does, through Python's configparser: `=` alone parts key and value, `#` behind white space
 * begins a comment, so does `#` or `;` at the start of a line, a section may come again, and keys keep their case.
 * `section` names the section of options that stand before any header. Throws SEMANTOS_E_DATA_INVALID with file and line.
 */
export function parseIni(text: string, file: string, section: string | null = null): Map<string, IniSection> {
  const sections = new Map<string, IniSection>()
  let current = section === null ? null : open(sections, section)
  let option: Open | null = null
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const source = { file, line: index + 1 }
    const { content, commented } = withoutComment(line)
    if (content === '') {
      if (!commented) option?.lines.push('')
      continue
    }
    const indent = line.search(/\S/)
    if (option && indent > option.indent) {
      option.lines.push(content)
      continue
    }
    close(option)
    option = null
    const header = /^\[(.+)\]/.exec(content)?.[1]
    if (header !== undefined) {
      current = open(sections, header)
      continue
    }
    if (current === null) throw invalid('an option stands before the first [section]', source)
    const { key, value } = /^(?<key>[^=]*?)\s*=\s*(?<value>.*)$/.exec(content)?.groups ?? {}
    if (key === undefined || value === undefined || key === '') throw invalid(`'${content.slice(0, 60)}' is neither a [section] nor key = value`, source)
    option = { section: current, key, lines: [value], source, indent }
  }
  close(option)
  return sections
}

function open(sections: Map<string, IniSection>, name: string): IniSection {
  const section = sections.get(name) ?? new Map<string, IniOption>()
  sections.set(name, section)
  return section
}

function close(option: Open | null): void {
  option?.section.set(option.key, { value: option.lines.join('\n').trimEnd(), source: option.source })
}

function withoutComment(line: string): { content: string; commented: boolean } {
  if (/^\s*[#;]/.test(line)) return { content: '', commented: true }
  const hash = /\s#/.exec(line)
  return { content: (hash ? line.slice(0, hash.index) : line).trim(), commented: hash !== null }
}

function invalid(message: string, { file, line }: Source): SemantosError {
  return new SemantosError('SEMANTOS_E_DATA_INVALID', { message, place: `${file}:${line}` })
}
