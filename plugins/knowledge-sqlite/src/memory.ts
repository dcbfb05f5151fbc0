import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { AtomicFile, makeFolder } from '@semantos/host'
import { isOfRun, type Near, nearest, type Seen } from '@semantos/memory'
import { isSemantosError, messageOf, SemantosError, Trace, z } from '@semantos/core'
import { Cells } from './cells.js'
import { type Driver, openDriver } from './driver.js'
import { bytesOf, embed } from './embedding.js'
import { migrate } from './migrations/index.js'

/** Another process may hold the file while it writes a batch. */
const BUSY_TIMEOUT_MS = 10_000
/** Traces a transaction, when many are added. */
const BATCH = 1000
/** Cells that a search reads: more find more of the nearest and take longer. */
const PROBES = 12
/** Candidates from the vectors, which are then compared exactly. */
const CANDIDATES = 64
/** Newest traces of the same kind of machine, and of the same workload, compared as well. */
const KINDRED = 8

const Stored = z.object({ body: z.string() })
const Placed = z.object({ number: z.int(), cell: z.int() })
const Numbered = z.object({ number: z.int() })
const Counted = z.object({ count: z.int() })

/** Traces in one SQLite file. Safe with several processes on one machine, and when one of them is killed. */
export class Memory {
  private constructor(
    readonly path: string,
    readonly driver: Driver,
  ) {}

  /** Opens the file, makes it where it is missing, and brings its schema up to date. */
  static async open(path: string, now: Date = new Date()): Promise<Memory> {
    try {
      if (path !== ':memory:') makeFolder(dirname(path))
      const driver = await openDriver(path)
      try {
        driver.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536`)
        migrate(driver, path, now)
        return new Memory(path, driver)
      } catch (error) {
        driver.close()
        throw error
      }
    } catch (error) {
      throw asStoreError(path, error)
    }
  }

  get count(): number {
    return Counted.parse(this.driver.prepare('SELECT count(*) AS count FROM trace').get()).count
  }

  /** Adds traces, a thousand a transaction; one with the id of another replaces it. Then forgets the oldest beyond `keep`. */
  add(traces: Iterable<Trace>, keep = Number.MAX_SAFE_INTEGER): void {
    let batch: Trace[] = []
    const flush = () => {
      this.#transaction(() => this.#addBatch(batch, keep))
      batch = []
    }
    for (const trace of traces) if (batch.push(trace) === BATCH) flush()
    if (batch.length > 0) flush()
  }

  /** The nearest past situations, nearest first; of equally near ones the newer. `except` is a run that is no evidence for itself. */
  async nearest(now: Seen, count: number, except: string): Promise<Near[]> {
    const rows = [...this.#byVector(now), ...this.#byWords(machineOf(now)), ...this.#byWords(workloadOf(now))]
    const traces = new Map(rows.map(roughly).filter(isTraceAtAGlance).filter((trace) => !isOfRun(trace, except)).map((trace) => [trace.id, trace]))
    const found = await nearest([...traces.values()], now, count)
    return found.map((near) => ({ ...near, trace: this.#checked(near.trace) }))
  }

  /** The newest traces that have all these words: a workload, a knob, a CPU's model, a verdict. */
  search(words: readonly string[], count: number): Trace[] {
    return this.#byWords(words, count).map((row) => this.#traceOf(row))
  }

  /** All traces, oldest first. */
  *all(): IterableIterator<Trace> {
    const page = this.driver.prepare('SELECT body, number FROM trace WHERE (time, id) > (?, ?) ORDER BY time, id LIMIT ?')
    for (let [time, id] = ['', '']; ; ) {
      const rows = page.all(time, id, BATCH)
      for (const row of rows) {
        const trace = this.#traceOf(row)
        ;[time, id] = [trace.time, trace.id]
        yield trace
      }
      if (rows.length < BATCH) return
    }
  }

  /** Adds the traces of knowledge-json's `experiences.json`. Returns how many. */
  importFrom(file: string): number {
    try {
      const traces = z.array(Trace).parse(JSON.parse(readFileSync(file, 'utf8')))
      this.add(traces)
      return traces.length
    } catch (error) {
      throw isSemantosError(error) ? error : new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `${file}: ${error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error)}`, place: file, cause: error })
    }
  }

  /** Writes all traces as knowledge-json reads them. Returns how many. */
  exportTo(file: string): number {
    const out = new AtomicFile(file)
    let written = 0
    try {
      for (const trace of this.all()) out.write(`${written++ === 0 ? '[\n' : ',\n'}${JSON.stringify(trace, null, 2).replace(/^/gm, '  ')}`)
      out.write(written === 0 ? '[]\n' : '\n]\n')
      out.commit()
      return written
    } catch (error) {
      out.discard()
      throw error
    }
  }

  close(): void {
    this.driver.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #addBatch(traces: readonly Trace[], keep: number): void {
    const cells = new Cells(this.driver)
    const place = this.driver.prepare('SELECT number, cell FROM trace WHERE id = ?')
    const insert = this.driver.prepare('INSERT INTO trace (id, time, cell, body) VALUES (?, ?, ?, ?) RETURNING number')
    const index = this.driver.prepare('INSERT INTO trace_words (rowid, words) VALUES (?, ?)')
    for (const trace of traces) {
      const earlier = place.get(trace.id)
      if (earlier !== undefined) this.#remove(Placed.parse(earlier), cells)
      const vector = embed(trace)
      const cell = cells.cellFor(vector)
      const { number } = Numbered.parse(insert.get(trace.id, trace.time, cell, JSON.stringify(trace)))
      index.run(number, wordsOf(trace))
      cells.add(cell, number, vector)
    }
    const excess = Math.max(0, this.count - keep)
    const oldest = excess === 0 ? [] : this.driver.prepare('SELECT number, cell FROM trace ORDER BY time, id LIMIT ?').all(excess)
    for (const row of oldest) this.#remove(Placed.parse(row), cells)
  }

  #remove({ number, cell }: z.infer<typeof Placed>, cells: Cells): void {
    cells.remove(cell, number)
    this.driver.prepare('DELETE FROM trace_words WHERE rowid = ?').run(number)
    this.driver.prepare('DELETE FROM trace WHERE number = ?').run(number)
  }

  #byVector(now: Seen): unknown[] {
    const wanted = bytesOf(embed(now))
    return this.driver
      .prepare(
        `SELECT body FROM (
           SELECT trace, vec_distance_l1(embedding, ?) AS distance FROM vector
           WHERE cell IN (SELECT number FROM cell ORDER BY vec_distance_l2(centroid, ?) LIMIT ${PROBES})
           ORDER BY distance LIMIT ${CANDIDATES}
         ) JOIN trace ON trace.number = trace`,
      )
      .all(wanted, wanted)
  }

  #byWords(words: readonly string[], count = KINDRED): unknown[] {
    if (words.length === 0) return []
    const query = words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' ')
    return this.driver.prepare('SELECT body FROM trace WHERE number IN (SELECT rowid FROM trace_words WHERE trace_words MATCH ? ORDER BY rowid DESC LIMIT ?) ORDER BY number DESC').all(query, count)
  }

  #traceOf(row: unknown): Trace {
    return this.#checked(roughly(row))
  }

  #checked(trace: unknown): Trace {
    const parsed = Trace.safeParse(trace)
    if (parsed.success) return parsed.data
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `${this.path}: a trace does not fit: ${z.prettifyError(parsed.error)}`, place: this.path, cause: parsed.error })
  }

  #transaction(work: () => void): void {
    try {
      this.driver.exec('BEGIN IMMEDIATE')
      try {
        work()
        this.driver.exec('COMMIT')
      } catch (error) {
        this.driver.exec('ROLLBACK')
        throw error
      }
    } catch (error) {
      throw asStoreError(this.path, error)
    }
  }
}

function roughly(row: unknown): unknown {
  return JSON.parse(Stored.parse(row).body)
}

/** Enough to compare it; checking every candidate in full would take as long as finding them. What is offered is checked. */
function isTraceAtAGlance(value: unknown): value is Trace {
  return typeof value === 'object' && value !== null && 'id' in value && 'metrics' in value && 'host' in value && 'workload' in value
}

/** The words by which machines of one kind are found. */
function machineOf({ host }: Seen): string[] {
  return [host['cpu_model'], host['virtualization']].filter((word) => typeof word === 'string').filter((word) => word !== '')
}

function workloadOf({ workload }: Seen): string[] {
  return workload === 'none' ? [] : [workload]
}

function wordsOf({ workload, host, actions, verdict }: Trace): string {
  const facts = Object.values(host).filter((value) => typeof value === 'string')
  return [workload, verdict, ...facts, ...actions.map(({ knob }) => knob.replace(/\[.*$/, ''))].join(' ')
}

function asStoreError(path: string, error: unknown): SemantosError {
  if (isSemantosError(error)) return error
  const text = messageOf(error)
  if (/locked|busy/i.test(text)) return new SemantosError('SEMANTOS_E_LOCKED', { message: `another process has written to ${path} for ${BUSY_TIMEOUT_MS / 1000} s`, place: path, cause: error })
  if (/not a database|malformed/i.test(text)) return new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `${path} is not a sound SQLite file: ${text}`, place: path, cause: error, next: 'Move it away, or bring back a copy. It has not been changed.' })
  const what = existsSync(path) ? 'write' : 'make'
  return new SemantosError('SEMANTOS_E_WRITE_FAILED', { message: `cannot ${what} ${path}: ${text}`, place: path, cause: error })
}
