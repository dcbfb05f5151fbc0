import { mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatValue, TuneReport } from '@semantos/core'
import { mount } from '@semantos/plugin-kit'
import { beforeAll, describe, expect, it } from 'vitest'
import { tuned } from '../testing/tune.js'
import reportHtml from './index.js'

const HOSTILE = `<script>alert(1)</script><img src=x onerror="alert('2')"> | \`x\` </title></style></svg>\n# *y* [z](javascript:1)`

/** The tags that a report is made of; anything else came from somebody else's text. */
const TAGS = new Set([
  'html', 'head', 'meta', 'title', 'style', 'body', 'main', 'header', 'section', 'h1', 'h2', 'p', 'ul', 'li', 'pre', 'code', 'strong', 'span', 'details', 'summary', 'div', 'table', 'thead', 'tbody',
  'tr', 'th', 'td', 'figure', 'figcaption', 'svg', 'desc', 'g', 'path', 'rect', 'circle', 'line', 'text', 'clippath',
])

interface Written {
  readonly html: string
  readonly markdown: string
  readonly csv: string
  readonly files: readonly string[]
}

async function write(report: TuneReport): Promise<Written> {
  await using kit = await mount(reportHtml(), { timeLimitMs: 30_000, paths: { base: mkdtempSync(join(tmpdir(), 'semantos-report-')) } })
  await kit.kernel.hooks.tuned.run(report, kit.cycle)
  const folder = join(kit.paths.results, 'tune', report.run)
  const text = (name: string) => readFileSync(join(folder, name), 'utf8')
  return { html: text('report.html'), markdown: text('report.md'), csv: text('trials.csv'), files: readdirSync(folder).sort() }
}

function headings(html: string): string[] {
  return [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title ?? '')
}

/** The part of a page under a heading. */
function section(html: string, title: string): string {
  return html.split('<section>').find((part) => part.includes(`<h2>${title}</h2>`)) ?? ''
}

let report: TuneReport
let written: Written
beforeAll(async () => {
  const run = await tuned()
  report = run.report
  await run.kit.kernel.dispose()
  written = await write(report)
})

describe('a tune that kept something', () => {
  it('leaves three files and nothing half written', () => {
    expect(report.outcome).toBe('kept')
    expect(written.files).toEqual(['report.html', 'report.md', 'trials.csv'])
  })

  it('goes from what came of it to how to repeat it, in HTML and in Markdown alike', () => {
    const titles = [
      'What ran', 'What was found', 'What was tried, in order', 'Comparisons', 'Distributions', 'Evidence before and after', 'Noise', 'What was skipped', 'What was kept, and how to undo it',
      'Heal check', 'What the tuner itself cost', 'How to repeat it', 'What this does not show', 'All metrics',
    ]
    expect(headings(written.html)).toEqual(titles)
    expect([...written.markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(titles)
  })

  it('says the effect with its interval, its blocks and the floor, and does not call three blocks 95%', () => {
    const [, headline] = /<p class="headline">(.*?)<\/p>/.exec(written.html) ?? []
    const [low = 0, high = 0] = report.final?.p95.interval ?? []
    expect(headline).toContain(report.kept.map(({ knob, value }) => `${knob} = ${formatValue(value)}`).join(', '))
    expect(headline).toContain(`p95 is ${report.final?.p95.ratio.toPrecision(3) ?? ''}`)
    expect(headline).toContain(`${low.toPrecision(3)} to ${high.toPrecision(3)}, 3 blocks`)
    expect(headline).toContain(`a factor of ${report.noise?.floor_ratio.toPrecision(4) ?? ''}`)
    expect(headline).toContain('90% interval')
  })

  it('says what the intervals hold, in the title of their chart and below their table', async () => {
    expect(report.comparisons.map(({ blocks }) => blocks)).toContain(3)
    const [first] = report.comparisons
    if (!first) throw new Error('nothing was compared')
    const held = async (...blocks: number[]) => (await write({ ...report, comparisons: blocks.map((count) => ({ ...first, blocks: count })) })).html
    for (const [blocks, words] of [[[3], '90% with 3 blocks'], [[3, 8, 3], '90% with 3 blocks, 95% with more'], [[4], '95%'], [[2], '67% with 2 blocks']] as const) {
      const html = await held(...blocks)
      expect(html).toContain(`<title>p95 as a ratio to what stood before, with intervals that hold ${words}</title>`)
      expect(section(html, 'Comparisons')).toContain(`Intervals hold ${words}. The bootstrap holds as much, but 94% with 4 blocks. * The whole range of the ratios, in both columns`)
    }
  })

  it('says how many blocks an effect needs, with which chance, and where that is out of reach', async () => {
    if (!report.noise) throw new Error('no noise was measured')
    const { markdown } = await write({ ...report, noise: { ...report.noise, blocks_needed: [{ effect_pct: 5, blocks: null }, { effect_pct: 10, blocks: 8 }] } })
    const [, noise = ''] = markdown.split('## Noise')
    expect(noise).toContain('| effect | blocks to find it in four of five comparisons |')
    expect(noise).toMatch(/\| 5% \| out of reach \|\n\| 10% \| 8 \|/)
  })

  it('has a row for each setting that was tried, with why and what came of it', () => {
    const rows = [...section(written.html, 'What was tried, in order').matchAll(/<tr><td>([A-Z])<\/td>/g)].map(([, letter]) => letter)
    expect(rows).toHaveLength(new Set(report.trials.map(({ arm }) => arm)).size - 1)
    expect(written.html).toContain('writers are throttled while little memory is dirty')
    expect(written.html).toContain('above the number of CPUs')
  })

  it('has a row for each comparison with its verdict, p, floor and blocks', () => {
    const table = section(written.html, 'Comparisons')
    for (const { verdict, words, blocks } of report.comparisons) {
      expect(table).toContain(`<strong>${verdict}</strong>: ${words}`)
      expect(table).toContain(`<td class="number">${blocks}</td>`)
    }
    expect(table).toContain('clears the floor')
  })

  it('shows the evidence that moved, and leaves out what did not', () => {
    const evidence = section(written.html, 'Evidence before and after')
    // What was kept decides which of them moved further, and so comes first.
    expect(evidence).toContain('counter.softnet_dropped')
    expect(evidence).toContain('counter.run_queue_wait_ms')
    expect(evidence).not.toContain('memory.available_bytes')
    expect(evidence).toContain('is no test')
  })

  it('gives reasons as one sentence, and who gave them', () => {
    expect(written.markdown).toMatch(/little memory is dirty.*, says proposer/)
    expect(written.markdown).not.toContain('., says')
  })

  it('says whether the objective was met, before and after', async () => {
    const [, row = ''] = /\| objective \| (.*?) \|/.exec((await write({ ...report, slo: { p95_ms: 1e6 } })).markdown) ?? []
    expect(row).toMatch(/^p95 of at most 1,000,000 ms; met by the baseline \(median [\d.]+ ms\); met with what was kept \(median [\d.]+ ms\)$/)
    expect((await write({ ...report, slo: { p95_ms: 1 } })).markdown).toContain('missed by the baseline')
  })

  it('shows first what the setting was proposed for', async () => {
    const cues = [{ metric: 'pressure.io_full_pct', value: 1, because: 'tasks wait for I/O' }]
    const { markdown } = await write({ ...report, plan: { ...report.plan, recommendations: report.plan.recommendations.map((one) => ({ ...one, cues })) } })
    const [, evidence = ''] = markdown.split('## Evidence before and after')
    expect(/\| `(.*?)` \|/.exec(evidence)?.[1]).toBe('pressure.io_full_pct')
  })

  it('tells how to undo it and how to repeat it', () => {
    expect(written.html).toContain(`semantos rollback --run ${report.run}`)
    expect(written.html).toContain('semantos tune --workload @semantos/workload-synthetic --goal p95 --seed 1 --apply')
    expect(written.html).toMatch(/@semantos\/report-html \d+\.\d+\.\d+ on Node v/)
  })

  it('prints the command as it was given, for a shell, and the versions of all that ran', async () => {
    const { html, markdown } = await write({ ...report, folder: "/srv/bob's", command: ['tune', '--workload', 'my service.yaml', '--budget', '15m', '--apply'] })
    expect(markdown).toContain("    cd '/srv/bob'\\''s'\n    semantos tune --workload 'my service.yaml' --budget 15m --apply\n")
    const repeat = section(html, 'How to repeat it')
    expect(repeat).toContain('semantos tune --workload &#39;my service.yaml&#39; --budget 15m --apply')
    expect(repeat).toContain(', with the seed 1.')
    expect(repeat).toContain(process.version)
    for (const { id } of report.software.plugins) expect(repeat).toContain(`<code>${id}</code>`)
    expect(report.software.plugins.find(({ id }) => id === '@semantos/workload-synthetic')?.version).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('shows the workload as a file to measure it again, and where it and the config stood', async () => {
    const workload = { name: '@semantos/workload-command 1a2b3c4d', plugin: '@semantos/workload-command', version: '1.2.3', options: { run: 'wrk -c 8 http://db/', parser: { name: 'wrk' }, env: { TOKEN: '[secret]' } }, origin: '/srv/web.yaml' }
    const { html, markdown } = await write({ ...report, workload, config: '/srv/semantos.config.ts' })
    const [, asFile = ''] = /secret is shown as `\[secret\]`\):\n\n((?: {4}.*\n)+)/.exec(markdown) ?? []
    expect(JSON.parse(asFile)).toEqual({ use: workload.plugin, options: workload.options })
    for (const shown of ['@semantos/workload-command 1.2.3', '/srv/web.yaml', '/srv/semantos.config.ts']) expect(section(html, 'How to repeat it')).toContain(`<code>${shown}</code>`)
    expect(section(html, 'How to repeat it')).toContain('wrk -c 8 http://db/')
    expect(section(html, 'What ran')).toContain('<code>@semantos/workload-command 1a2b3c4d</code>')
  })

  it('draws every trial in three charts with accessible titles, and in no colour that paper or the dark would lose', () => {
    const charts = written.html.match(/<svg [^]*?<\/svg>/g) ?? []
    expect(charts).toHaveLength(3)
    for (const chart of charts) expect(chart).toMatch(/^<svg role="img" [^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/)
    const marks = (chart = '') => (chart.match(/<title>trial \d+/g) ?? []).length
    expect(marks(charts[0])).toBe(report.trials.length)
    expect(marks(charts[2])).toBe(report.trials.length)
    for (const chart of charts) expect(chart).not.toMatch(/<text[^>]*\/>/)
    expect(charts.join('')).not.toMatch(/(?:fill|stroke)="(?!var\(--|none|currentColor)/)
  })

  it('is one file without script or request, for light, dark and print', () => {
    expect(written.html).toContain('@media (prefers-color-scheme: dark)')
    expect(written.html).toContain('@media print')
    expect(written.html).toContain("default-src 'none'")
    expect(written.html).not.toMatch(/<script|<link|<img|@import|url\(|\bsrc=|href=/i)
  })

  it('is the same bytes for the same report', async () => {
    expect((await write(report)).html === written.html).toBe(true)
  })

  it('writes every trial to trials.csv, with counters and metrics as columns', () => {
    const [header = '', ...rows] = written.csv.trimEnd().split('\n')
    expect(header).toMatch(/^number,phase,arm,started,duration_ms,p50_ms,p95_ms,p99_ms,max_ms,throughput_per_s,requests,errors,unseen,counter\.dirty_throttled_ms,.*,memory\.available_bytes,pressure\.io_full_pct$/)
    expect(rows).toHaveLength(report.trials.length)
    for (const row of rows) expect(row.split(',')).toHaveLength(header.split(',').length)
    expect(rows[0]?.split(',').slice(0, 3)).toEqual(['1', 'noise', 'baseline'])
  })
})

describe('text of others', () => {
  /** Every text that telemetry, a plugin or a workload could have chosen. */
  function hostile(): TuneReport {
    const cues = [{ metric: HOSTILE, value: 1, because: HOSTILE }]
    return TuneReport.parse({
      ...report,
      workload: { name: HOSTILE, plugin: HOSTILE, version: HOSTILE, options: { [HOSTILE]: HOSTILE }, origin: HOSTILE },
      config: HOSTILE,
      command: ['tune', HOSTILE],
      journal: HOSTILE,
      software: { semantos: HOSTILE, node: HOSTILE, plugins: [{ id: HOSTILE, version: HOSTILE }] },
      snapshot: { ...report.snapshot, host: report.snapshot.host && { ...report.snapshot.host, name: HOSTILE, cpu_model: HOSTILE, kernel: HOSTILE }, missing: [{ name: HOSTILE, reason: HOSTILE, source: 'x' }] },
      plan: { recommendations: report.plan.recommendations.map((one) => ({ ...one, rationale: HOSTILE, cues, proposed_by: HOSTILE })), advice: [{ symptom: HOSTILE, text: HOSTILE, cues }] },
      comparisons: report.comparisons.map((one) => ({ ...one, words: HOSTILE, guards: [HOSTILE], candidate: `${one.candidate}${HOSTILE}` })),
      skipped: report.skipped.map((one) => ({ ...one, candidate: HOSTILE, reason: HOSTILE })),
      heal: report.heal && { ...report.heal, words: HOSTILE },
      trials: report.trials.map((trial) => ({ ...trial, arm: trial.arm === 'baseline' ? trial.arm : `${trial.arm}${HOSTILE}`, metrics: { [HOSTILE]: trial.number } })),
    })
  }

  it('adds no tag and no attribute to the HTML, charts included', async () => {
    const { html } = await write(hostile())
    for (const [, tag = ''] of html.matchAll(/<\/?([a-z][\w:-]*)/gi)) expect(TAGS).toContain(tag.toLowerCase())
    expect(html).not.toMatch(/<[^>]*\son\w+=/)
    expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
  })

  it('stays text in the Markdown', async () => {
    const { markdown } = await write(hostile())
    const withoutCode = markdown.replace(/^ {4}.*$/gm, '').replace(/`[^`\n]*`/g, '')
    expect(withoutCode).not.toMatch(/(?<!\\)[<[]/)
    expect(markdown).not.toMatch(/^# \*y/m)
    const cells = (line: string) => line.split(/(?<!\\)\|/).length
    const rows = markdown.split('\n')
    for (const [index, line] of rows.entries()) if (line.startsWith('|') && rows[index - 1]?.startsWith('|')) expect(cells(line)).toBe(cells(rows[index - 1] ?? ''))
  })

  it('is quoted in the CSV', async () => {
    const { csv } = await write(hostile())
    expect(csv).toContain(`"${HOSTILE.replaceAll('"', '""')}"`)
  })
})

describe('a tune that ended otherwise', () => {
  const empty = { comparisons: [], kept: [], final: null, heal: null }

  it.each([
    ['nothing kept', 'That does not show that no setting would help'],
    ['measured only', 'only the baseline was measured'],
    ['too noisy', 'could not be told from noise'],
    ['interrupted', 'stopped before its end'],
    ['not healed', 'not as it had been found'],
  ] as const)('%s', async (outcome, words) => {
    const { html, markdown } = await write({ ...report, ...empty, outcome })
    expect(html).toContain(words)
    expect(markdown).toContain(words)
    expect(html).not.toContain('Proven to help')
    expect(html).toContain('Nothing was compared')
  })

  it('interrupted: how to go on', async () => {
    const { html } = await write({ ...report, ...empty, outcome: 'interrupted' })
    expect(section(html, 'How to repeat it')).toContain(`<code>--resume ${report.run}</code>`)
  })

  it('before the first trial ended', async () => {
    const { html, csv } = await write({ ...report, ...empty, outcome: 'interrupted', trials: [], noise: null, skipped: [], plan: { recommendations: [], advice: [] } })
    expect(html).toContain('No trial ended')
    expect(html).not.toContain('NaN')
    expect(csv.split('\n')).toHaveLength(2)
  })

  it('claims no effect of all that was kept where none was measured', async () => {
    const { html } = await write({ ...report, final: null })
    expect(html).toContain('The budget ended before all of it was compared with the baseline at once')
  })

  it('says "not measured" for a number that is none', async () => {
    const nothing: [number, number] = [Number.NaN, Number.NaN]
    const none = { ratio: Number.NaN, interval: nothing, bootstrap: nothing }
    const comparisons = report.comparisons.map((one) => ({ ...one, blocks: 0, effects: { p50: none, p95: none, p99: none, throughput: none } }))
    const { html } = await write({ ...report, comparisons })
    expect(section(html, 'Comparisons')).toContain('not measured')
    expect(html).not.toContain('NaN')
  })

  it('where more throughput is better', async () => {
    const { html } = await write({ ...report, goal: 'throughput' })
    expect(html).toContain('above 1 is better')
    expect(html).not.toContain('NaN')
  })
})

it('loads no drawing library until a tune is over', () => {
  const built = readFileSync(fileURLToPath(new URL('../dist/index.js', import.meta.url)), 'utf8')
  expect(built).toContain('import("./chunks/render-')
  expect(built).not.toMatch(/^import .*render-/m)
  expect(built.length).toBeLessThan(20_000)
})
