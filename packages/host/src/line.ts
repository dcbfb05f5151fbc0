import { hash } from 'node:crypto'
import { messageOf } from '@semantos/core'
import { decodeRecord } from './decode.js'
import type { JournalRecord } from './records.js'

const SUM = /^(?<body>\{.*),"sum":"(?<sum>[0-9a-f]{16})"\}$/s

/**
 * One record as a line. The checksum covers the run's name and the line's number, so that a line that was damaged, lost,
 * moved or taken from another journal shows; and each line is checked on its own, so that one bad line hides no other.
 */
export function encodeLine(run: string, number: number, record: JournalRecord): string {
  const body = JSON.stringify({ n: number, ...record }).slice(0, -1)
  return `${body},"sum":"${sumOf(run, body)}"}\n`
}

/** The record on a line, or what is wrong with it. */
export function decodeLine(run: string, number: number, line: string): JournalRecord | { readonly wrong: string } {
  const { body, sum } = SUM.exec(line)?.groups ?? {}
  if (body === undefined || sum === undefined) return { wrong: 'it is not a whole record' }
  if (sum !== sumOf(run, body)) return { wrong: 'its checksum does not fit' }
  if (!body.startsWith(`{"n":${number},`)) return { wrong: 'it stands in the wrong place' }
  try {
    return decodeRecord(JSON.parse(`${body}}`))
  } catch (error) {
    return { wrong: messageOf(error) }
  }
}

function sumOf(run: string, body: string): string {
  return hash('sha256', `${run}\n${body}`).slice(0, 16)
}
