import { Fields, text, textOrNull, whole } from './fields.js'
import type { Deadline } from './deadline.js'
import type { JournalRecord, Scope, Touch } from './records.js'

const INTERFACES = ['sysctl', 'sysfs', 'debugfs', 'drop-in'] as const
export const OUTCOMES = ['restored', 'unchanged', 'modified externally', 'failed'] as const
const SCOPES = ['host', 'netns'] as const

/** Reads a record out of parsed JSON, by hand: the guard must stay small. Throws on anything that is not one. */
export function decodeRecord(json: unknown): JournalRecord {
  const o = new Fields(json)
  const type = o.text('type')
  switch (type) {
    case 'run':
      if (o.whole('version') !== 1) throw new Error(`version ${o.whole('version')} of the journal is not known`)
      return {
        type, version: 1, run: o.text('run'), time: o.text('time'), boot_id: o.text('boot_id'), pid: o.whole('pid'), started_ticks: o.text('started_ticks'),
        uid: o.whole('uid'), user: o.text('user'), semantos: o.text('semantos'), root: o.text('root'), scope: scopeOf(o.at('scope')), command: o.list('command', text),
      }
    case 'intent':
      return {
        type, seq: o.whole('seq'), time: o.text('time'), by: o.text('by'), to: o.textOrNull('to'),
        written: touchOf(o.at('written')), resets: o.list('resets', touchOf),
      }
    case 'stored':
      return { type, seq: o.whole('seq'), texts: o.list('texts', textOrNull), failed: o.textOrNull('failed') }
    case 'undone':
      return { type, seqs: o.list('seqs', whole), time: o.text('time'), by: o.text('by'), outcome: o.oneOf('outcome', OUTCOMES), detail: o.text('detail') }
    case 'guard':
      return { type, pid: o.whole('pid'), started_ticks: o.text('started_ticks'), time: o.text('time') }
    case 'commit':
      return { type, time: o.text('time'), deadline: o.at('deadline') === null ? null : deadlineOf(o.at('deadline')) }
    case 'renew':
      return { type, time: o.text('time'), deadline: deadlineOf(o.at('deadline')) }
    case 'confirm':
      return { type, time: o.text('time'), by: o.text('by') }
    default:
      throw new Error(`no record is of type ${type}`)
  }
}

function touchOf(json: unknown): Touch {
  const o = new Fields(json)
  return {
    knob: o.text('knob'), interface: o.oneOf('interface', INTERFACES), path: o.text('path'),
    before: o.textOrNull('before'), restore: o.textOrNull('restore'), brackets: o.at('brackets') === true,
    words: o.at('words') === undefined ? [] : o.list('words', text),
  }
}

function deadlineOf(json: unknown): Deadline {
  const o = new Fields(json)
  return { time: o.text('time'), uptime_s: o.number('uptime_s') }
}

function scopeOf(json: unknown): Scope {
  const o = new Fields(json)
  return { kind: o.oneOf('kind', SCOPES), name: o.textOrNull('name'), path: o.text('path'), inode: o.at('inode') === null ? null : o.whole('inode') }
}
