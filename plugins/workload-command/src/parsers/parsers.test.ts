import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SemantosError, type TrialDraft, type z } from '@semantos/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FRESH, ParserOptions, parseOutput } from './index.js'

type Written = z.input<typeof ParserOptions>

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')
const containing = (text: string): unknown => expect.stringContaining(text)
const error = (message: string, next = ''): unknown => expect.objectContaining({ code: 'SEMANTOS_E_WORKLOAD', message: containing(message), next: containing(next) })

function parsed(written: Written, text: string, file: string | null = null): Promise<TrialDraft> {
  const files = () => (file === null ? [] : [{ name: 'file', text: file }])
  return parseOutput({ text, seconds: 1, files, signal: new AbortController().signal }, ParserOptions.parse(written))
}

const latency = (p50_ms: number, p95_ms: number, p99_ms: number, max_ms: number) => ({ p50_ms, p95_ms, p99_ms, max_ms })
/** Each number within the histogram's precision of three digits. */
const near = (expected: TrialDraft['latency']): unknown => expect.objectContaining(Object.fromEntries(Object.entries(expected).map(([name, ms]) => [name, expect.closeTo(ms, 3 - Math.ceil(Math.log10(ms)))])))

const close = (value: number): unknown => expect.closeTo(value, 2)

/** What a tool really printed, and a fact or two of it that were read by eye. */
const GOOD: readonly { readonly parser: Written; readonly output: string; readonly file?: string; readonly expected: object }[] = [
  { parser: { name: 'wrk' }, output: 'wrk.txt', expected: { latency: latency(0.277, 3.717, 6.128, 11.938), requests: 16617, errors: 0, throughput_per_s: close(16535.97) } },
  { parser: { name: 'ab' }, output: 'ab.txt', file: 'ab.csv', expected: { latency: latency(1.071, 3.345, 5.077, 5.406), requests: 2000, throughput_per_s: 5666.64, errors: 0 } },
  { parser: { name: 'ab' }, output: 'ab-limited.txt', file: 'ab-limited.csv', expected: { requests: 73, errors: 927, throughput_per_s: close(6881.08 * 0.073) } },
  { parser: { name: 'ab' }, output: 'ab-unreliable.txt', file: 'ab-unreliable.csv', expected: { latency: latency(1.58, 3.631, 4.243, 4.283), requests: 2000, throughput_per_s: 28447.48 } },
  { parser: { name: 'redis-benchmark', requests: 5000 }, output: 'redis-benchmark-set.csv', expected: { latency: latency(0.983, 4.647, 5.351, 5.911), requests: 5000, throughput_per_s: 25773.2 } },
  { parser: { name: 'redis-benchmark', test: 'SET', requests: 5000 }, output: 'redis-benchmark.csv', expected: { latency: latency(0.935, 3.631, 5.095, 5.807) } },
  { parser: { name: 'pgbench' }, output: 'pgbench.txt', file: 'pgbench.log', expected: { requests: 6269, errors: 0, throughput_per_s: 6347.287443 } },
  { parser: { name: 'pgbench' }, output: 'pgbench-rate.txt', file: 'pgbench-rate.log', expected: { requests: 8, errors: 192, throughput_per_s: 140.832673 } },
  { parser: { name: 'fio' }, output: 'fio.json', expected: { requests: 9438, errors: 0 } },
  { parser: { name: 'fio', direction: 'sync', job: 'appends' }, output: 'fio-sync.json', expected: { latency: near(latency(0.391168, 6.586368, 16.71168, 45.681576)), requests: 496 } },
  { parser: { name: 'fio' }, output: 'fio-group.json', expected: { requests: 801, throughput_per_s: close(801 / 1.001) } },
  { parser: { name: 'fio' }, output: 'fio-stonewall.json', expected: { requests: 400, throughput_per_s: close(400 / 2.002) } },
  { parser: { name: 'fio', job: 'second' }, output: 'fio-stonewall.json', expected: { requests: 200, throughput_per_s: close(200 / 1.001) } },
  { parser: { name: 'fio' }, output: 'fio-new-group.json', expected: { requests: 400, throughput_per_s: close(400 / 1.001) } },
  { parser: { name: 'fio', direction: 'trim' }, output: 'fio-trim.json', expected: { requests: 512, throughput_per_s: close(512 / 1.276) } },
  { parser: { name: 'sysbench' }, output: 'sysbench-cpu.txt', expected: { requests: 35661, latency: near(latency(0.012, 0.014, 0.017, 12.08)) } },
  { parser: { name: 'sysbench' }, output: 'sysbench-threads.txt', expected: { requests: 294, throughput_per_s: close(292.92) } },
  { parser: { name: 'sysbench' }, output: 'sysbench-memory.txt', expected: { requests: 65536 } },
  { parser: { name: 'sysbench' }, output: 'sysbench-mutex.txt', expected: { requests: 1, latency: latency(11.03, 11.03, 11.03, 11.03) } },
  { parser: { name: 'sysbench' }, output: 'sysbench-fileio.txt', expected: { requests: 17041 } },
  { parser: { name: 'sysbench' }, output: 'sysbench-oltp.txt', expected: { requests: 337, errors: 0 } },
  { parser: { name: 'cyclictest' }, output: 'cyclictest.txt', expected: { requests: 996, throughput_per_s: 996 } },
  { parser: { name: 'cyclictest' }, output: 'cyclictest.json', expected: { requests: 1000 } },
  { parser: { name: 'hackbench' }, output: 'hackbench.txt', expected: { latency: near(latency(186, 267, 267, 267)), requests: 3, throughput_per_s: close(3 / 0.592) } },
  { parser: { name: 'hyperfine', command: 'true' }, output: 'hyperfine.json', expected: { requests: 20, errors: 0, latency: near(latency(1.126, 3.979, 4.025, 4.025)) } },
]

describe.each(GOOD)('$parser.name reads $output', ({ parser, output, file, expected }) => {
  const text = fixture(output)
  const beside = file === undefined ? null : fixture(file)

  it('and what it says is so', async () => {
    expect(await parsed(parser, text, beside)).toMatchObject(expected)
  })

  it('and a part of it is an error with its name, wherever it was cut', async () => {
    const whole = text.trimEnd().length
    await fc.assert(
      fc.asyncProperty(fc.nat(whole - 1), async (length) => {
        const cut = text.slice(0, length)
        const isWholeTests = /^(?:Time|"SET"|"PING_MBULK").*\n$/.test(cut.split(/(?<=\n)/).at(-1) ?? '')
        if (!isWholeTests) await expect(parsed(parser, cut, beside)).rejects.toEqual(error(`${parser.name}: `))
      }),
      { numRuns: 30, examples: [[whole - 1]] },
    )
  })

  it('and a line in it that is none of the tool is shown', async () => {
    const lines = text.split('\n')
    for (const at of [0, Math.floor(lines.length / 3), Math.floor((2 * lines.length) / 3), lines.length - 1]) {
      const broken = [...lines.slice(0, at), '# Segmentation fault (core dumped)', ...lines.slice(at)].join('\n')
      await expect(parsed(parser, broken, beside)).rejects.toEqual(error(`${parser.name}: line ${at + 1} does not fit: "# Segmentation fault (core dumped)"`))
    }
  })
})

describe('lines that only look like the tool\'s', () => {
  it.each<[Written, string, number, string, string | null]>([
    [{ name: 'sysbench' }, 'sysbench-cpu.txt', 4, 'FATAL: Cannot open file', null],
    [{ name: 'sysbench' }, 'sysbench-fileio.txt', 9, 'Number of lost requests: 7', null],
    [{ name: 'sysbench' }, 'sysbench-oltp.txt', -22, '    deadlocks:                           12     (9.00 per sec.)', null],
    [{ name: 'pgbench' }, 'pgbench.txt', 3, 'panic: out of memory', 'pgbench.log'],
    [{ name: 'pgbench' }, 'pgbench.txt', 8, 'number of lost transactions: 3 (0.001%)', 'pgbench.log'],
    [{ name: 'ab' }, 'ab.txt', 12, 'Lost requests:          12', 'ab.csv'],
    [{ name: 'fio' }, 'fio.json', 0, 'readers: you need to specify size=', null],
    [{ name: 'fio' }, 'fio.json', 0, 'fio: pid=4711, err=5/file:filesetup.c:239, func=write, error=Input/output error', null],
    [{ name: 'cyclictest' }, 'cyclictest.json', 0, 'WARN: stat /dev/cpu_dma_latency failed', null],
  ])('%o of %s, at %i: %s', async (parser, output, at, line, file) => {
    const lines = fixture(output).split('\n').toSpliced(at, 0, line)
    const number = lines.indexOf(line) + 1
    await expect(parsed(parser, lines.join('\n'), file === null ? null : fixture(file))).rejects.toEqual(error(`${parser.name}: line ${number} does not fit: ${JSON.stringify(line)}`))
  })

  it('and what the tools say at other times does fit', async () => {
    const note = 'note: both iodepth >= 1 and synchronous I/O engine are selected, queue depth will be capped at 1\n'
    expect(await parsed({ name: 'fio' }, `${note}${fixture('fio.json')}`)).toMatchObject({ requests: 9438 })
    const progress = fixture('sysbench-cpu.txt').replace('Threads started!\n', 'Threads started!\n\n[ 1s ] thds: 1 eps: 35541.12 lat (ms,95%): 0.01\nTime limit exceeded, exiting...\n(last message repeated 1 times)\nDone.\n')
    expect(await parsed({ name: 'sysbench' }, progress)).toMatchObject({ requests: 35661 })
    const reconnecting = fixture('pgbench.txt').replace('initial connection time = 26.436 ms', 'average connection time = 1.436 ms').replace('without initial connection time', 'including reconnection times')
    expect(await parsed({ name: 'pgbench' }, reconnecting, fixture('pgbench.log'))).toMatchObject({ requests: 6269, throughput_per_s: 6347.287443 })
  })

  it.each(['fio: this platform does not support process shared mutexes', 'readers: No I/O performed by libaio, perhaps try --debug=io option for details?', 'Warning: direct=0 with libaio'])(
    'and what fio remarks before its JSON does fit: %s',
    async (remark) => {
      expect(await parsed({ name: 'fio' }, `${remark}\n${fixture('fio.json')}`)).toMatchObject({ requests: 9438 })
    },
  )

  it.each([['sysbench-cpu.txt', 35661], ['sysbench-fileio.txt', 17041]])('and sysbench 1.1, which names its sections otherwise, does fit: %s', async (name, requests) => {
    const newer = fixture(name)
      .replace(/^ +total time: +(\S+)$/m, '    events/s (eps):                      1.0000\n    time elapsed:                        $1')
      .replace(/^General statistics:$/m, 'Throughput:')
      .replace(/^File operations:\n(?:.*\n){5}Throughput:\n(?:.*\n){2}/m, 'Throughput:\n         read:  IOPS=15713.82 245.53 MiB/s (257.46 MB/s)\n         fsync: IOPS=33591.96\n')
      .replace(/^( +)95th percentile: .*$/m, '$&\n         99th percentile:                        3.30')
    expect(newer).toContain('time elapsed')
    expect(await parsed({ name: 'sysbench' }, newer)).toMatchObject({ requests })
  })

  it('and JSON that is not the tool\'s is shown with the line where it goes another way', async () => {
    const other = fixture('fio.json').replace(/"total_ios" : \d+/, '"total_ios" : "many"')
    const number = other.split('\n').findIndex((line) => line.includes('"many"')) + 1
    await expect(parsed({ name: 'fio' }, other)).rejects.toEqual(error(`fio: line ${number} does not fit: "        \\"total_ios\\" : \\"many\\",`))
    await expect(parsed({ name: 'fio' }, other)).rejects.toEqual(error('expected the JSON of fio, with jobs.0.read.total_ios ('))
  })
})

describe('what a tool cannot tell, or is asked wrongly', () => {
  it.each<[Written, string, string | null, string, string]>([
    [{ name: 'wrk' }, 'wrk-plain.txt', null, 'ends too early, after line 13', '-s "$SEMANTOS_WRK_LATENCY"'],
    [{ name: 'wrk' }, 'wrk-not-found.txt', null, 'no request succeeded', ''],
    [{ name: 'wrk' }, 'wrk-refused.txt', null, 'line 1 does not fit: "unable to connect', ''],
    [{ name: 'ab' }, 'ab-not-found.txt', 'ab.csv', 'no request succeeded', ''],
    [{ name: 'redis-benchmark', requests: 5000 }, 'redis-benchmark.csv', null, 'one of the tests must be named: PING_MBULK, SET', 'option test'],
    [{ name: 'fio' }, 'fio-json.json', null, 'read.clat_ns of job readers has no bins', '--output-format=json+'],
    [{ name: 'fio', latency: 'lat' }, 'fio.json', null, 'read.lat_ns of job readers has no bins', '--lat_percentiles=1'],
    [{ name: 'fio' }, 'fio-trim.json', null, 'the jobs did no read; they did trim', 'option direction'],
    [{ name: 'fio', job: 'readers' }, 'fio-sync.json', null, 'it has no job readers; it has appends, flood', 'option job'],
    [{ name: 'fio' }, 'hyperfine.json', null, 'line 1 does not fit: "{"; expected the JSON of fio, with jobs (', ''],
    [{ name: 'sysbench' }, 'sysbench-plain.txt', null, 'line 14 does not fit: "CPU speed:"', '--histogram'],
    [{ name: 'cyclictest' }, 'cyclictest-plain.txt', null, 'line 2 does not fit: "T: 0', '-h US'],
    [{ name: 'cyclictest' }, 'cyclictest-overflow.txt', null, 'p99 lies beyond the histogram: 949 of 949', 'larger'],
    [{ name: 'hyperfine' }, 'hyperfine.json', null, 'one of the commands must be named: true, sleep 0.002', 'option command'],
    [{ name: 'pgbench' }, 'pgbench.txt', 'pgbench-rate.log', 'the log holds 8 of 6269 transactions', '--sampling-rate'],
    [{ name: 'pgbench' }, 'pgbench.txt', 'pgbench.txt', 'line 1 does not fit: "pgbench (', '-l'],
  ])('%o of %s', async (parser, output, file, message, next) => {
    await expect(parsed(parser, fixture(output), file === null ? null : fixture(file))).rejects.toEqual(error(message, next))
  })

  it('wrk2, whose program is also called wrk', async () => {
    const calibrated = fixture('wrk.txt').replace(/^ +Thread Stats/m, '  Thread calibration: mean lat.: 1.132ms, rate sampling interval: 10ms\n$&')
    const short = fixture('wrk.txt').replace('Latency Distribution', 'Latency Distribution (HdrHistogram - Recorded Latency)')
    for (const text of [calibrated, short]) await expect(parsed({ name: 'wrk' }, text)).rejects.toEqual(error('this is the output of wrk2', 'Run wrk itself'))
  })

  it('redis-benchmark before 6.2, which prints no latencies', async () => {
    await expect(parsed({ name: 'redis-benchmark', requests: 1 }, '"SET","97560.98"\n')).rejects.toEqual(error('line 1 does not fit', 'Redis 6.2'))
  })

  it('cyclictest -H, whose last column is the sum of the others', async () => {
    const summed = fixture('cyclictest.txt').replaceAll(/^(\d{6} \d+\t\d+)$/gm, '$1\t000001')
    await expect(parsed({ name: 'cyclictest' }, summed)).rejects.toEqual(error('not one column for each of 2 threads', 'not -H'))
  })
})

describe('raw latencies', () => {
  it('are numbers in ms or objects, with failures and remarks', async () => {
    const text = '1\n2.5\r\n\n{"latency_ms":3e0}\n{"latency_ms":100,"ok":false}\n{"latency_ms":null,"ok":false}\n{"duration_s":0.5,"counters":{"flood_mb_per_s":800}}\n'
    const result = await parsed({ name: 'jsonl' }, text)
    expect(result).toMatchObject({ latency: near(latency(2.5, 100, 100, 100)), requests: 3, errors: 2, throughput_per_s: 6, counters: { flood_mb_per_s: 800 } })
  })

  it.each(['-1', 'NaN', '1e400', '1e300', '0x10', '1 2', '{"latency_ms":"1"}', '{"latency_ms":null}', '{"ms":1}', '[1]', '{"latency_ms":-1}'])('refuse %s', async (line) => {
    await expect(parsed({ name: 'jsonl' }, `1\n${line}\n`)).rejects.toEqual(error(`jsonl: line 2 does not fit: ${JSON.stringify(line)}`))
  })

  it('end with the end of a line, or they are cut off', async () => {
    await expect(parsed({ name: 'jsonl' }, '1\n12')).rejects.toEqual(error('line 2 does not fit: "12"; expected the end of the line'))
  })

  it('are nothing where there are none', async () => {
    await expect(parsed({ name: 'jsonl' }, '')).rejects.toEqual(error('the output is empty'))
    await expect(parsed({ name: 'jsonl' }, '{"latency_ms":null,"ok":false}\n')).rejects.toEqual(error('no request succeeded'))
  })

  it('count where all are of failures: a service in which nothing succeeds in time can be measured', async () => {
    expect(await parsed({ name: 'jsonl' }, '{"latency_ms":5,"ok":false}\n')).toMatchObject({ latency: { p95_ms: 5 }, requests: 0, errors: 1, throughput_per_s: 0 })
  })

  it('have the percentiles of their order statistics, within 0.1%', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 }), async (values) => {
        const { latency: found } = await parsed({ name: 'jsonl' }, `${values.join('\n')}\n`)
        const sorted = values.toSorted((a, b) => a - b)
        for (const [percent, ms] of [[50, found.p50_ms], [95, found.p95_ms], [99, found.p99_ms], [100, found.max_ms]] as const) {
          const exact = sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN
          expect(Math.abs(ms / exact - 1)).toBeLessThan(0.001)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('keep the percentiles of their order statistics where there are a million', async () => {
    const text = `${Array.from({ length: 1_000_000 }, (_, index) => ((index * 7919) % 100_000) / 1000).join('\n')}\n`
    expect(await parsed({ name: 'jsonl' }, text)).toMatchObject({ requests: 1_000_000, latency: near(latency(49.999, 94.999, 98.999, 99.999)) })
  })
})

/** Answers each query with what the function says. */
async function prometheus(answer: (query: string) => unknown, run: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams.get('query') ?? ''
    response.end(JSON.stringify(answer(query)))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const port: AddressInfo | string | null = server.address()
  try {
    await run(`http://127.0.0.1:${port !== null && typeof port === 'object' ? port.port : ''}/`)
  } finally {
    server.close()
  }
}

describe('prometheus', () => {
  const queries = { p50: '0.5', p95: '0.95', p99: '0.99', max: '1', requests: 'increase(requests[$window])', errors: 'vector(0)' }
  const vector = (...values: string[]) => ({ status: 'success', data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1.5, value] })) } })

  it('is asked for the window of the run', async () => {
    const answers: Record<string, string> = { '0.5': '0.05', '0.95': '0.095', '0.99': '0.099', '1': '0.1', 'increase(requests[1s])': '49.6', 'vector(0)': '0' }
    await prometheus((query) => vector(answers[query] ?? 'unknown'), async (url) => {
      const result = await parsed({ name: 'prometheus', url, queries }, '')
      expect(result).toMatchObject({ latency: latency(50, 95, 99, 100), throughput_per_s: 49.6, requests: 50, errors: 0 })
    })
  })

  it.each<[string, unknown, string]>([
    ['no series', vector(), 'the query p50 gave 0 series, not one number'],
    ['NaN', vector('NaN'), 'the query p50 gave NaN, not one number'],
    ['a refusal', { status: 'error', errorType: 'bad_data', error: 'parse error at char 3' }, 'the query p50 is refused: parse error at char 3'],
    ['another page', '<html>', 'line 1 does not fit: "\\"<html>\\""; expected the JSON of prometheus ('],
  ])('%s is an error', async (_, answer, message) => {
    await prometheus(() => answer, async (url) => {
      await expect(parsed({ name: 'prometheus', url, queries }, '')).rejects.toEqual(error(message))
    })
  })

  it('that is not there is an error', async () => {
    await expect(parsed({ name: 'prometheus', url: 'http://127.0.0.1:1', queries }, '')).rejects.toEqual(error('http://127.0.0.1:1 does not answer'))
  })
})

it('whatever the output is, the answer is a trial or an error with a name', async () => {
  const parsers = fc.constantFrom<Written[]>(...GOOD.map(({ parser }) => parser), { name: 'jsonl' })
  const pieces = GOOD.flatMap(({ output }) => fixture(output).split('\n').filter((_, index) => index < 40))
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...pieces)).map((lines) => `${lines.join('\n')}\n`),
    fc.json().map((json) => `${json}\n`),
    fc.tuple(fc.constantFrom(...GOOD.map(({ output }) => fixture(output).slice(0, 5000))), fc.nat(4999), fc.string({ unit: 'binary' })).map(([good, at, bad]) => good.slice(0, at) + bad + good.slice(at)),
  )
  await fc.assert(
    fc.asyncProperty(parsers, text, text, async (parser, output, file) => {
      await parsed(parser, output, file).catch((failure: unknown) => {
        expect(failure).toBeInstanceOf(SemantosError)
        expect(failure).toEqual(error(`${parser.name}: `))
      })
    }),
    { numRuns: 150 },
  )
})

it('only a tool that has nothing beside it renews everything', () => {
  expect(Object.entries(FRESH).filter(([, kinds]) => kinds.includes('next listen()')).map(([name]) => name)).toEqual(['cyclictest', 'fio', 'hackbench', 'hyperfine'])
})
