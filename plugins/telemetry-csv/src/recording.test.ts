import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SemantosError } from '@semantos/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRecording } from './recording.js'

const folder = mkdtempSync(join(tmpdir(), 'semantos-csv-'))
let files = 0

function written(content: string | Uint8Array): string {
  const file = join(folder, `recording-${files++}.csv`)
  writeFileSync(file, content)
  return file
}

async function read(file: string, signal = new AbortController().signal) {
  const rows: (readonly number[])[] = []
  const columns = await readRecording(file, signal, (values) => void rows.push(values))
  return { columns, rows }
}

async function fault(file: string): Promise<SemantosError> {
  return read(file).then(
    ({ rows }) => expect.fail(`read ${rows.length} rows`),
    (error: unknown) => {
      if (error instanceof SemantosError) return error
      throw error
    },
  )
}

describe('a recording', () => {
  it.each([
    ['as it is', 'load,p95_ms\n1,2.5\n-3e2,.5\n'],
    ['without a last line end', 'load,p95_ms\n1,2.5\n-3e2,.5'],
    ['with CRLF', 'load,p95_ms\r\n1,2.5\r\n-3e2,.5\r\n'],
    ['with a byte order mark', '\ufeffload,p95_ms\n1,2.5\n-3e2,.5\n'],
    ['with quotes and blanks', '"load","p95_ms"\n"1", 2.5\n-3e2 ,".5"\n'],
    ['with empty lines at the end', 'load,p95_ms\n1,2.5\n-3e2,.5\n\n\n'],
  ])('is read %s', async (_how, text) => {
    expect(await read(written(text))).toEqual({ columns: ['load', 'p95_ms'], rows: [[1, 2.5], [-300, 0.5]] })
  })

  it('never gives -0, which prints as another number', async () => {
    expect(Object.is((await read(written('load\n-0\n'))).rows[0]?.[0], 0)).toBe(true)
  })

  it('is handed over row by row, while the rest is still being written', async () => {
    const pipe = join(folder, 'pipe.csv')
    execFileSync('mkfifo', [pipe])
    const writer = createWriteStream(pipe)
    const reading = new Promise<readonly string[]>((resolve, reject) => {
      const columns = readRecording(pipe, new AbortController().signal, ([load]) => {
        if (load === 1) writer.end('2\n')
      })
      columns.then(resolve, reject)
    })
    writer.write('load\n1\n')
    expect(await reading).toEqual(['load'])
  })

  it('is left when the run is aborted', async () => {
    const rows = 200_000
    const controller = new AbortController()
    let seen = 0
    const reading = readRecording(written(`load\n${'1\n'.repeat(rows)}`), controller.signal, () => {
      seen++
      controller.abort()
    })
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    expect(seen).toBeLessThan(rows)
  })

  it('gives back what was written, for any numbers', async () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 20 }), fc.constantFrom('\n', '\r\n'), async (rows, end) => {
        const text = ['a,b', ...rows.map((row) => row.join(','))].join(end)
        expect((await read(written(text))).rows).toEqual(rows)
      }),
      { numRuns: 30 },
    )
  })
})

describe('a faulty recording is named with file, row, column and fix', () => {
  it.each([
    ['a word', 'load,p95_ms\n1,2\n3,fast\n', 'data row 2, column p95_ms', '"fast" is not a finite number', 'finite number'],
    ['nothing', 'load,p95_ms\n1,\n', 'data row 1, column p95_ms', 'an empty cell is not a finite number', 'finite number'],
    ['NaN', 'load\nNaN\n', 'data row 1, column load', '"NaN" is not a finite number', 'finite number'],
    ['infinity', 'load\n1e999\n', 'data row 1, column load', '"1e999" is not a finite number', 'finite number'],
    ['a hexadecimal number', 'load\n0x10\n', 'data row 1, column load', '"0x10" is not', 'finite number'],
    ['a decimal comma', 'load\n"1,5"\n', 'data row 1, column load', '"1,5" is not', 'decimal point'],
    ['a cell too few', 'load,p95_ms\n1\n', 'data row 1, column p95_ms', 'the row has 1 cells and the header 2', 'one number a column'],
    ['a cell too many', 'load,p95_ms\n1,2\n1,2,3\n', 'data row 2, column number 3', 'the row has 3 cells and the header 2', 'one number a column'],
    ['an empty line', 'load,p95_ms\n\n1,2\n', 'data row 1, column load', 'the row is empty', 'Remove the empty line'],
    ['an open quote', 'load,p95_ms\n1,"2', 'data row 1, column p95_ms', 'a quote is not closed', 'Quote the whole cell'],
    ['an open quote before other rows', 'load,p95_ms\n"1,2\n3,4\n', 'data row 1, column load', 'a quote is not closed', 'Quote the whole cell'],
    ['text behind a quote', 'load,p95_ms\n1,2\n2,"1"x\n', 'data row 2, column p95_ms', 'has text beside it', 'Quote the whole cell'],
    ['a quote in a cell', 'load,p95_ms\n"1""",2\n', 'data row 1, column load', 'is not a finite number', 'finite number'],
    ['a quote too many', '\ufeff"load" , "p95_ms"\r\n1,"1""\r\n', 'data row 1, column p95_ms', 'a quote is not closed', 'Quote the whole cell'],
    ['an open quote in the header', 'load,"p95_ms\n1,2\n', 'header, column number 2', 'a quote is not closed', 'Quote the whole cell'],
    ['a header twice', 'load,p95_ms,load\n1,2,3\n', 'header, column number 3', 'the column load is there twice', 'rename one'],
    ['a bad name', 'load,P95 (ms)\n1,2\n', 'header, column number 2', '"P95 (ms)" is no metric name', 'Rename the column'],
    ['no name', 'load,\n1,2\n', 'header, column number 2', 'an empty cell is no metric name', 'Rename the column'],
    ['no header', '1,2\n3,4\n', 'header, column number 1', 'the header is missing: the first line holds numbers', 'names of the metrics'],
    ['an empty first line', '\nload\n1\n', 'header', 'the header is missing: the first line is empty', 'names of the metrics'],
    ['NUL bytes in a row', 'load\n1\0\n', 'data row 1, column load', '"1\\u0000" is not a finite number', 'NUL bytes'],
    ['UTF-16', Buffer.from('load\n1\n', 'utf16le'), 'header, column number 1', 'is no metric name', 'NUL bytes'],
  ])('%s', async (_what, content, place, message, next) => {
    const file = written(content)
    const error = await fault(file)
    expect(error.code).toBe('SEMANTOS_E_DATA_INVALID')
    expect(error.place).toBe(`${file}, ${place}`)
    expect(error.message).toContain(message)
    expect(error.next).toContain(next)
  })

  it('an empty file', async () => {
    const file = written('')
    expect(await fault(file)).toMatchObject({ place: file, message: 'the file is empty' })
  })

  it('a missing file', async () => {
    const file = join(folder, 'nowhere.csv')
    const error = await fault(file)
    expect([error.code, error.place, error.message]).toEqual(['SEMANTOS_E_DATA_INVALID', file, 'there is no such file'])
    expect(error.next).toContain('relative to the folder of the config')
  })

  it('a folder', async () => {
    const error = await fault(folder)
    expect([error.code, error.place]).toEqual(['SEMANTOS_E_DATA_INVALID', folder])
    expect(error.message).toContain('EISDIR')
  })

  it('a line that does not end', async () => {
    expect(await fault(written(`load\n${'1'.repeat(1_200_000)}`))).toMatchObject({ message: 'the line is longer than a million characters' })
  })

  it('any bytes: either rows of finite numbers, or an error of this kind', async () => {
    const part = fc.constantFrom('load', 'p95_ms', ',', '\n', '\r\n', '"', '1', '-2.5', '\0', ' ', 'é', '\ufeff', 'x')
    const text = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(fc.oneof(text.map((value) => Buffer.from(value)), fc.uint8Array({ maxLength: 200 })), async (content) => {
        const outcome = await read(written(content)).catch((error: unknown) => error)
        if (outcome instanceof SemantosError) expect([outcome.code, outcome.place?.startsWith(folder)]).toEqual(['SEMANTOS_E_DATA_INVALID', true])
        else expect(outcome).toHaveProperty('columns')
      }),
      { numRuns: 300 },
    )
  })
})
