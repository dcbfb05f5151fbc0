import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tuned } from '../testing/tune.js'
import reportHtml from './index.js'

const CHROMIUM = '/usr/bin/chromium'
const LIMIT_MS = 600_000
const QUIET = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars',
  '--window-size=1100,2400',
  // Chromium has questions of its own; none leaves this machine.
  '--host-resolver-rules=MAP * ~NOTFOUND',
]

describe.skipIf(!existsSync(CHROMIUM))(`in headless Chromium (skipped where ${CHROMIUM} is not installed)`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'semantos-chromium-'))
  let page = ''

  beforeAll(async () => {
    const { kit, report } = await tuned([reportHtml()])
    await kit.kernel.hooks.tuned.run(report, kit.cycle)
    page = join(folder, 'report.html')
    copyFileSync(join(kit.paths.results, 'tune', report.run, 'report.html'), page)
    await kit.kernel.dispose()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function chromium(name: string, file: string, ...flags: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(CHROMIUM, [...QUIET, `--user-data-dir=${join(folder, name)}`, ...flags, `file://${file}`], { timeout: 300_000, maxBuffer: 64e6 })
    return stdout
  }

  it('renders the whole page, and asks for nothing but the file itself', async () => {
    const log = join(folder, 'net.json')
    const dom = await chromium('dom', page, `--log-net-log=${log}`, '--dump-dom')
    expect(dom.match(/<svg/g)).toHaveLength(3)
    expect(dom.includes('What this does not show')).toBe(true)
    expect(dom.includes('<script')).toBe(false)
    expect(requestsIn(log)).toEqual([])
  }, LIMIT_MS)

  it('would be caught asking for more, and its policy would stop it', async () => {
    const html = readFileSync(page, 'utf8').replace('<h1>', '<img src="http://asked.invalid/"><h1>')
    const [held, free] = [join(folder, 'held.html'), join(folder, 'free.html')]
    writeFileSync(held, html)
    writeFileSync(free, html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''))
    await chromium('held', held, `--log-net-log=${held}.json`, '--dump-dom')
    await chromium('free', free, `--log-net-log=${free}.json`, '--dump-dom')
    expect(requestsIn(`${held}.json`)).toEqual([])
    expect(requestsIn(`${free}.json`)).toEqual(['http://asked.invalid/'])
  }, LIMIT_MS)

  it('prints what is short though it is folded, and no pages of numbers', async () => {
    const metrics = Array.from({ length: 500 }, (_, index) => ({ name: `metric.${index}`, value: index, unit: 'count', source: 'test' }))
    const { kit, report } = await tuned([reportHtml()])
    const many = { ...report, run: 'many', snapshot: { ...report.snapshot, metrics: [...report.snapshot.metrics, ...metrics] } }
    await kit.kernel.hooks.tuned.run(many, kit.cycle)
    const long = join(folder, 'many.html')
    copyFileSync(join(kit.paths.results, 'tune', 'many', 'report.html'), long)
    await kit.kernel.dispose()
    const open = join(folder, 'open.html')
    writeFileSync(open, readFileSync(page, 'utf8').replaceAll('<details>', '<details open>'))
    const pages = async (name: string, file: string) => {
      await chromium(name, file, `--print-to-pdf=${file}.pdf`)
      return Math.max(...[...readFileSync(`${file}.pdf`, 'latin1').matchAll(/\/Count (\d+)/g)].map(([, count]) => Number(count)))
    }
    const usual = await pages('print', page)
    expect(await pages('print-open', open)).toBe(usual)
    expect(await pages('print-many', long)).toBeLessThanOrEqual(usual)
  }, LIMIT_MS)

  it('is dark on light paper, and light on dark where that is preferred', async () => {
    const light = join(folder, 'light.png')
    const dark = join(folder, 'dark.png')
    await chromium('light', page, `--screenshot=${light}`, '--blink-settings=preferredColorScheme=1')
    await chromium('dark', page, `--screenshot=${dark}`, '--blink-settings=preferredColorScheme=0')
    expect(firstPixel(light)).toEqual([0xff, 0xff, 0xff])
    expect(firstPixel(dark)).toEqual([0x14, 0x17, 0x1a])
    expect(readFileSync(light).length).toBeGreaterThan(100_000)
    expect(readFileSync(dark).length).toBeGreaterThan(100_000)
  }, LIMIT_MS)
})

/** What a page asked the network for; what Chromium asks for itself has no origin. */
function requestsIn(netLog: string): string[] {
  const requests = readFileSync(netLog, 'utf8').matchAll(/"initiator":"([^"]*)"[^\n]*?"url":"((?:https?|wss?|ftp):[^"]*)"/g)
  return [...new Set([...requests].flatMap(([, initiator, url]) => (initiator === 'not an origin' ? [] : [url ?? ''])))]
}

/** Red, green and blue of the top left pixel of a PNG: no filter changes it, since it has no neighbours before it. */
function firstPixel(file: string): number[] {
  const png = readFileSync(file)
  const data: Buffer[] = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
  }
  return [...inflateSync(Buffer.concat(data)).subarray(1, 4)]
}
