import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { messageOf, SemantosError, TuneReport, z } from '@semantos/core'
import { loadConfig, publishTogether, type ResolvedConfig } from '@semantos/engine'
import { openHost } from '@semantos/host'
import { Kernel, streams } from '@semantos/core/kernel'
import { CONFIG } from '../options.js'
import { print, tell } from '../print.js'

interface ReportOptions {
  readonly config?: string
  readonly json?: boolean
}

export function defineReport(program: Command): void {
  program
    .command('report [id]', { hidden: true })
    .summary("write a tune's report again")
    .description("write a tune's report again (default: of the newest tune) and print where its files are")
    .option(...CONFIG)
    .option('--json', 'print the tune as one JSON document')
    .action(async (id: string | undefined, options: ReportOptions) => {
      const config = await loadConfig(process.cwd(), options.config ?? null)
      const folder = tuneFolder(join(config.paths.results, 'tune'), id)
      const report = readTune(folder)
      await writeAgain(report, config)
      print(options.json ? `${JSON.stringify(report)}\n` : filesIn(folder).map((file) => `${file}\n`).join(''))
    })
}

/** The folder of the tune that was named, or of the one that ended last. */
function tuneFolder(tunes: string, id: string | undefined): string {
  const names = existsSync(tunes) ? readdirSync(tunes) : []
  const ended = names.flatMap((name) => {
    const file = statSync(join(tunes, name, 'tune.json'), { throwIfNoEntry: false })
    return file ? [{ name, endedMs: file.mtimeMs }] : []
  })
  const newestFirst = ended.sort((a, b) => b.endedMs - a.endedMs || b.name.localeCompare(a.name))
  const chosen = id === undefined ? newestFirst[0] : ended.find(({ name }) => name === id)
  if (chosen) return join(tunes, chosen.name)
  throw new SemantosError('SEMANTOS_E_RUN_UNKNOWN', {
    message: id === undefined ? 'no tune has ended here' : `there is no tune ${id} that has ended`,
    place: tunes,
    next: id !== undefined && ended.length > 0 ? `Name one of ${ended.map(({ name }) => name).join(', ')}.` : 'Run semantos tune first, or name its config with --config FILE.',
  })
}

function readTune(folder: string): TuneReport {
  const file = join(folder, 'tune.json')
  const broken = (message: string, cause?: unknown) => new SemantosError('SEMANTOS_E_DATA_INVALID', { message, place: file, cause, next: 'Name another tune: this file is not as semantos tune wrote it.' })
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw broken(messageOf(error), error)
  }
  const { success, data, error } = TuneReport.safeParse(content)
  if (!success) throw broken(z.prettifyError(error), error)
  // Reports are written to the folder of the run: a file that names another one would write over that one's.
  if (data.run !== basename(folder)) throw broken(`it is of the tune ${data.run}, and lies in the folder of ${basename(folder)}`)
  return data
}

/** What there was to learn was learnt when the tune ended. */
const LEARNT = () => Promise.resolve()

/** Sets up the plugins of the report slot alone. */
async function writeAgain(report: TuneReport, config: ResolvedConfig): Promise<void> {
  await using kernel = await Kernel.create({
    plugins: config.slots.get('report') ?? [],
    host: openHost({ root: '/' }),
    paths: config.paths,
    timeLimitsMs: config.timeLimitsMs,
    now: () => new Date(report.ended),
    random: streams(report.seed),
    log: (plugin, message) => tell(`${plugin}: ${message}\n`),
  })
  if (kernel.hooks.tuned.taps.length === 0) {
    throw new SemantosError('SEMANTOS_E_USAGE', {
      message: 'no plugin in the report slot of the config writes a report of a tune',
      place: config.file,
      next: 'Name the config of the tune with --config FILE, or add @semantos/report-html to the report slot; tune.json has everything meanwhile.',
    })
  }
  const cycle = { ...kernel.context(), run: report.run, seed: report.seed, slo: config.slo, catalogue: kernel.catalogue }
  await publishTogether(cycle, (context) => kernel.hooks.tuned.run(report, context), LEARNT)
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('.')).sort().map((name) => join(folder, name))
}
