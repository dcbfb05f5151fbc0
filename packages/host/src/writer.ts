import { type Applied, type Catalogue, changedAlong, type DropIn, formatValue, isSemantosError, joinRef, type Knob, type KnobRef, knobValue, type KnobValue, messageOf, ownWords, SemantosError, splitRef, type Undone, type Write } from '@semantos/core'
import { put } from './knob-file.js'
import type { FileReader } from './reader.js'
import { chosen } from '@semantos/core/kernel'
import type { Touch } from './records.js'
import { touchesOf } from './replay.js'
import type { Restored } from './restore.js'
import type { Run } from './run.js'
import { type Target, placeOf, targetOf } from './target.js'
import { putTouched, showTouched } from './touched-file.js'
import { inWriteOrder } from './write-order.js'

interface Planned extends Target {
  readonly touch: Touch
  readonly from: KnobValue
  readonly to: KnobValue
}

/** Writes values of catalogue knobs: journal, write, read back. One call at a time. */
export class KnobWriter {
  #last: Promise<unknown> = Promise.resolve()
  readonly #closing = new AbortController()

  constructor(
    readonly run: Run,
    readonly catalogue: () => Catalogue,
    readonly files: FileReader,
  ) {}

  write(writes: readonly Write[], by: string, signal?: AbortSignal): Promise<readonly Applied[]> {
    return this.#alone(() => this.#write(writes, by, signal))
  }

  restore(refs: readonly KnobRef[], by: string): Promise<readonly Undone[]> {
    return this.#alone(() => this.#restore(refs, by))
  }

  persist(dropIns: readonly DropIn[], by: string): Promise<void> {
    return this.#alone(() => this.#persist(dropIns, by))
  }

  /** Begins nothing more, and waits until the write under way has ended: one that lands after its undo would be left behind. */
  async close(): Promise<void> {
    this.#closing.abort(new SemantosError('SEMANTOS_E_ABORTED', { message: 'the run is being closed' }))
    await this.#last
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work)
    this.#last = result.catch(() => undefined)
    return result
  }

  async #write(writes: readonly Write[], by: string, signal: AbortSignal | undefined): Promise<readonly Applied[]> {
    this.run.mustBeOpen()
    // Everything that can be refused is refused before the first write.
    const batch = inWriteOrder(writes.map((write) => this.#plan(write)))
    const before = this.run.lastSeq
    const applied: Applied[] = []
    try {
      for (const write of batch) {
        signal?.throwIfAborted()
        this.#closing.signal.throwIfAborted()
        applied.push(await this.#writeOne(write, by))
      }
      return applied
    } catch (error) {
      throw await this.#failed(before, by, error)
    }
  }

  async #writeOne({ ref, knob, touch, to, text }: Planned, by: string): Promise<Applied> {
    // What stands there may have changed since the batch was looked at.
    const written = this.#look(touch)
    const before = valueBefore(ref, knob, written)
    const resets = changedAlong(knob).flatMap((name) => this.#partner(name, splitRef(ref).device))
    const seq = this.run.nextSeq()
    this.run.record({ type: 'intent', seq, time: new Date().toISOString(), by, to: text, written, resets }, 'on disk')
    const result = await put(this.run.root, { interface: knob.where.interface, path: touch.path }, text, this.run.writeLimitMs)
    if (result.outcome === 'stuck') {
      this.run.stuck.push(touch.path)
      throw new Error(`${ref}: ${result.reason}; it shows ${JSON.stringify(this.#knobText(touch))} now`)
    }
    const failed = result.outcome === 'written' ? null : result.reason
    const texts = [written, ...resets].map((one) => this.#knobText(one))
    this.run.record({ type: 'stored', seq, texts, failed }, 'handed over')
    if (failed !== null) throw new Error(`${ref} = ${formatValue(to)}: ${failed}`)
    const stored = typeof texts[0] === 'string' ? knobValue(knob.type, texts[0]) : null
    if (stored === null) throw new Error(`${ref} = ${formatValue(to)}: it cannot be read back`)
    return { knob: ref, before, wanted: to, stored }
  }

  async #restore(refs: readonly KnobRef[], by: string): Promise<readonly Undone[]> {
    const wanted = new Set(refs)
    const intents = this.run.openIntents().filter(({ intent }) => touchesOf(intent).some(({ knob }) => wanted.has(knob)))
    const rows = new Map((await this.run.takeBack(intents, by)).map((row) => [row.knob, row]))
    return refs.map((ref) => this.#undone(ref, rows.get(ref)))
  }

  async #persist(dropIns: readonly DropIn[], by: string): Promise<void> {
    this.run.mustBeOpen()
    const before = this.run.lastSeq
    try {
      for (const { path, text } of dropIns) {
        const shown = showTouched(this.run.root, { interface: 'drop-in', path, words: [] })
        if ('reason' in shown) throw new Error(`${path}: ${shown.reason}`)
        const written: Touch = { knob: path, interface: 'drop-in', path, before: shown.text, restore: shown.text, brackets: false, words: [] }
        const seq = this.run.nextSeq()
        this.run.record({ type: 'intent', seq, time: new Date().toISOString(), by, to: text, written, resets: [] }, 'on disk')
        const result = await putTouched(this.run.root, written, text, this.run.writeLimitMs)
        const failed = result.outcome === 'written' ? null : result.reason
        this.run.record({ type: 'stored', seq, texts: [this.#knobText(written)], failed }, 'handed over')
        if (failed !== null) throw new Error(`${path}: ${failed}`)
      }
    } catch (error) {
      throw await this.#failed(before, by, error)
    }
  }

  /** Takes back what this call wrote (all intents after `before`), and says how that went. */
  async #failed(before: number, by: string, cause: unknown): Promise<SemantosError> {
    const rows = await this.run.takeBack(this.run.openIntents().filter(({ intent }) => intent.seq > before), by)
    const left = rows.filter(({ outcome }) => outcome === 'failed' || outcome === 'modified externally').map(({ knob, detail }) => `${knob}: ${detail}`)
    if (left.length === 0 && this.run.stuck.length === 0) {
      return isSemantosError(cause) ? cause : new SemantosError('SEMANTOS_E_APPLY_FAILED', { message: messageOf(cause), cause })
    }
    const rest = left.length === 0 ? 'all other writes of this step were taken back' : `not taken back: ${left.join('; ')}`
    return new SemantosError('SEMANTOS_E_UNDO_FAILED', { message: `${messageOf(cause)}; ${rest}`, cause })
  }

  #plan(write: Write): Planned {
    const target = targetOf(this.catalogue(), (path) => this.files.list(path), write)
    const touch = this.#touch(target.ref, target.knob)
    return { ...target, touch, from: valueBefore(target.ref, target.knob, touch), to: target.value }
  }

  /** The file of a knob as it stands now. */
  #touch(ref: KnobRef, knob: Knob): Touch {
    const { path } = placeOf(knob, ref, (folder) => this.files.list(folder))
    const brackets = knob.type.kind === 'enum' && knob.type.brackets
    return this.#look({ knob: ref, interface: knob.where.interface, path, before: null, restore: null, brackets, words: ownWords(knob.type) })
  }

  #look(touch: Touch): Touch {
    const shown = showTouched(this.run.root, touch)
    if ('reason' in shown) throw new SemantosError('SEMANTOS_E_APPLY_FAILED', { message: `${touch.knob} cannot be read, so it could not be restored: ${shown.reason}` })
    return { ...touch, before: shown.text, restore: touch.brackets && shown.text !== null ? chosen(shown.text) : shown.text }
  }

  /** A knob that this write may change as well, where the host has it. */
  #partner(name: string, device: string | null): Touch[] {
    const knob = this.catalogue().get(name)
    if (!knob) return []
    try {
      return [this.#touch(joinRef(name, device), knob)]
    } catch {
      return []
    }
  }

  #knobText(touch: Touch): string | null {
    const shown = showTouched(this.run.root, touch)
    return 'text' in shown ? shown.text : null
  }

  #undone(ref: KnobRef, row: Restored | undefined): Undone {
    const knob = this.catalogue().get(ref)
    if (!row || !knob) return { knob: ref, outcome: 'unchanged', now: null, detail: 'this run has not changed it' }
    const { now, outcome, detail } = row
    const value = now === null ? null : knobValue(knob.type, now)
    return { knob: ref, outcome: outcome === 'would restore' ? 'failed' : outcome, now: value, detail }
  }
}

function valueBefore(ref: KnobRef, knob: Knob, { before }: Touch): KnobValue {
  const value = knobValue(knob.type, before ?? '')
  if (value === null) throw new SemantosError('SEMANTOS_E_APPLY_FAILED', { message: `${ref} shows no value, so it could not be restored` })
  return value
}
