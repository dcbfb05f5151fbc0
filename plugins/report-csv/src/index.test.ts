import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Arm, Trial } from '@semantos/core'
import { mount, type Mounted, type MountOptions } from '@semantos/plugin-kit'
import { describe, expect, it } from 'vitest'
import { exampleReport } from '../testing/report.js'
import reportCsv from './index.js'

/** As `expect.stringContaining`, of a type that can be assigned. */
const containing = (text: string): unknown => expect.stringContaining(text)

const HEADER =
  'baseline_p95_ms,improvement_pct,post_p95_ms,regression,trials,tuned_p95_ms,interval_low_pct,interval_high_pct,p_value,verdict,outcome,seed,run,time,workload,slo_p95_ms'

function trial(arm: Arm, index: number, p95Ms = 100, counters: Trial['counters'] = {}): Trial {
  return { arm, index, latency: { p50_ms: 40, p95_ms: p95Ms, p99_ms: 140.5, max_ms: 200 }, throughput_per_s: 950.25, requests: 5000, errors: 0, counters, unseen: [] }
}

async function started(options = {}, given: MountOptions = {}): Promise<Mounted> {
  const kit = await mount(reportCsv(options), given)
  await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
  return kit
}

function lines(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n')
}

describe('summary.csv', () => {
  it("has the kit's six columns first, and one row", async () => {
    await using kit = await started()
    await kit.kernel.hooks.report.run(exampleReport(), kit.cycle)
    expect(readFileSync(join(kit.paths.results, 'summary.csv'), 'utf8')).toBe(
      `${HEADER}\n180.5,15.651,151.25,false,16,152.25,12.5,18.75,0.0001,better,applied,42,20260101T000000Z-73475c,2026-01-01T00:00:00.000Z,@semantos/workload-synthetic,120\n`,
    )
  })

  it('leaves cells empty where nothing was measured', async () => {
    await using kit = await started()
    const evaluation = { trials: 0, baseline_p95_ms: null, tuned_p95_ms: null, improvement_pct: null, interval_pct: null, p_value: null, verdict: 'not measured' as const, words: 'none' }
    await kit.kernel.hooks.report.run(exampleReport({ evaluation, post_p95_ms: null, workload: null, outcome: 'dry run' }), kit.cycle)
    expect(lines(join(kit.paths.results, 'summary.csv'))[1]).toBe(',,,false,0,,,,,not measured,dry run,42,20260101T000000Z-73475c,2026-01-01T00:00:00.000Z,,120')
  })

  it('calls a step that was rolled back, and a worse evaluation, a regression', async () => {
    await using kit = await started()
    const { steps, evaluation } = exampleReport()
    const regression = async (report: Parameters<typeof exampleReport>[0]) => {
      await kit.kernel.hooks.report.run(exampleReport(report), kit.cycle)
      return lines(join(kit.paths.results, 'summary.csv'))[1]?.split(',')[3]
    }
    expect(await regression({ steps: steps.map((step) => ({ ...step, judgement: { decision: 'roll back' as const, reasons: ['p95 rose'] } })) })).toBe('true')
    expect(await regression({ evaluation: { ...evaluation, verdict: 'worse' } })).toBe('true')
    expect(await regression({})).toBe('false')
  })

  it('quotes what would break a row', async () => {
    await using kit = await started()
    await kit.kernel.hooks.report.run(exampleReport({ workload: 'a "b", c\nd' }), kit.cycle)
    expect(readFileSync(join(kit.paths.results, 'summary.csv'), 'utf8')).toContain(',"a ""b"", c\nd",120\n')
  })
})

describe('trials.csv', () => {
  it('has every trial in the order in which they came, with a column for each counter', async () => {
    await using kit = await started()
    await kit.kernel.hooks.trial.run(trial('baseline', 0, 180.1234567, { swap_ins: 12, listen_drops: 3 }), kit.cycle)
    await kit.kernel.hooks.trial.run(trial('tuned', 0, 150, { swap_ins: 0 }), kit.cycle)
    expect(existsSync(join(kit.paths.results, 'trials.csv'))).toBe(false)
    await kit.kernel.hooks.report.run(exampleReport(), kit.cycle)
    expect(readFileSync(join(kit.paths.results, 'trials.csv'), 'utf8')).toBe(
      'arm,index,p50_ms,p95_ms,p99_ms,max_ms,throughput_per_s,requests,errors,listen_drops,swap_ins\n' +
        'baseline,0,40,180.123457,140.5,200,950.25,5000,0,3,12\n' +
        'tuned,0,40,150,140.5,200,950.25,5000,0,,0\n',
    )
    expect(kit.logged).toEqual([])
  })

  it('says once that a later trial has a counter without a column', async () => {
    await using kit = await started()
    await kit.kernel.hooks.trial.run(trial('baseline', 0, 100, { a: 1 }), kit.cycle)
    for (const index of [1, 2]) await kit.kernel.hooks.trial.run(trial('baseline', index, 100, { a: 1, b: 2 }), kit.cycle)
    expect(kit.logged).toEqual(["@semantos/report-csv: the first trial had no counter 'b', so trials.csv has no column for it"])
  })

  it('is empty but for its header after a run without trials, whatever stood there', async () => {
    await using kit = await started()
    mkdirSync(kit.paths.results, { recursive: true })
    writeFileSync(join(kit.paths.results, 'trials.csv'), 'of an earlier run')
    await kit.kernel.hooks.report.run(exampleReport(), kit.cycle)
    expect(lines(join(kit.paths.results, 'trials.csv'))).toEqual(['arm,index,p50_ms,p95_ms,p99_ms,max_ms,throughput_per_s,requests,errors', ''])
  })

  it('leaves the earlier file and nothing else when the run ends without a report', async () => {
    const kit = await started({}, { paths: { base: mkdtempSync(join(tmpdir(), 'semantos-csv-')) } })
    mkdirSync(kit.paths.results, { recursive: true })
    writeFileSync(join(kit.paths.results, 'trials.csv'), 'of an earlier run')
    for (let index = 0; index < 5000; index++) await kit.kernel.hooks.trial.run(trial('baseline', index), kit.cycle)
    await kit.kernel.dispose()
    expect(readdirSync(kit.paths.results)).toEqual(['trials.csv'])
    expect(readFileSync(join(kit.paths.results, 'trials.csv'), 'utf8')).toBe('of an earlier run')
  })

  it('begins anew with each run of the same kernel', async () => {
    await using kit = await started()
    for (const p95Ms of [1, 2]) {
      await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
      await kit.kernel.hooks.trial.run(trial('baseline', 0, p95Ms), kit.cycle)
      await kit.kernel.hooks.report.run(exampleReport(), kit.cycle)
      expect(lines(join(kit.paths.results, 'trials.csv'))).toHaveLength(3)
    }
    expect(readdirSync(kit.paths.results)).toEqual(['summary.csv', 'trials.csv'])
  })

  it('takes 100,000 trials in constant memory', async () => {
    await using kit = await started()
    const usedBytes = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
    let most = 0
    const before = usedBytes()
    for (let index = 0; index < 100_000; index++) {
      await kit.kernel.hooks.trial.run(trial('baseline', index, 100 + index / 7, { a: index, b: index / 3 }), kit.cycle)
      if (index % 1000 === 0) most = Math.max(most, usedBytes() - before)
    }
    await kit.kernel.hooks.report.run(exampleReport(), kit.cycle)
    expect(lines(join(kit.paths.results, 'trials.csv'))).toHaveLength(100_002)
    expect(most).toBeLessThan(60e6)
  }, 60_000)
})

describe('a results folder that cannot be written', () => {
  it('is found before anything is applied', async () => {
    const base = mkdtempSync(join(tmpdir(), 'semantos-csv-'))
    writeFileSync(join(base, 'results'), 'a file')
    await using kit = await mount(reportCsv(), { paths: { base } })
    await expect(kit.kernel.hooks.start.run({ planning: false }, kit.cycle)).rejects.toMatchObject({
      code: 'SEMANTOS_E_WRITE_FAILED',
      place: join(base, 'results', 'summary.csv'),
      message: containing('a part of the path is a file, not a folder'),
      next: 'Name another folder, or move that file away, and run again.',
    })
  })

  it('is no concern when only a plan is asked for, and a plan makes no folder', async () => {
    const base = mkdtempSync(join(tmpdir(), 'semantos-csv-'))
    await using kit = await mount(reportCsv(), { paths: { base } })
    await kit.kernel.hooks.start.run({ planning: true }, kit.cycle)
    expect(readdirSync(base)).toEqual([])
  })

  it('is named by dir, relative to the config', async () => {
    await using kit = await started({ dir: 'elsewhere/deep' })
    await kit.kernel.hooks.report.run(exampleReport(), kit.cycle)
    expect(readdirSync(join(kit.paths.base, 'elsewhere', 'deep'))).toEqual(['summary.csv', 'trials.csv'])
  })

  it.skipIf(!canMount())('stops the trials when its disk fills up, and leaves nothing half written (a small file system is mounted; needs root and CAP_SYS_ADMIN)', async () => {
    const base = mkdtempSync(join(tmpdir(), 'semantos-csv-'))
    using _disk = mountSmall(base)
    await using kit = await mount(reportCsv(), { paths: { base } })
    await kit.kernel.hooks.start.run({ planning: false }, kit.cycle)
    const endless = async () => {
      for (let index = 0; index < 50_000; index++) await kit.kernel.hooks.trial.run(trial('baseline', index), kit.cycle)
    }
    await expect(endless()).rejects.toMatchObject({ code: 'SEMANTOS_E_WRITE_FAILED', message: containing('the disk is full (ENOSPC)') })
    await kit.kernel.dispose()
    expect(readdirSync(kit.paths.results)).toEqual([])
  })
})

function mountSmall(folder: string): Disposable {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', folder], { stdio: 'ignore' })
  return { [Symbol.dispose]: () => void execFileSync('umount', [folder]) }
}

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    mountSmall(mkdtempSync(join(tmpdir(), 'semantos-mount-')))[Symbol.dispose]()
    return true
  } catch {
    return false
  }
}
