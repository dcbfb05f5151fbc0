import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunReport, SemantosError, TuneReport, z } from '@semantos/core'
import { loadConfig } from '@semantos/engine'
import type { ConfigOptions } from '../options.js'
import { runInSentences } from '../run-in-sentences.js'
import { sinceThen } from '../since-then.js'
import { tuneInSentences } from '../tune-in-sentences.js'

const RUN_ID = /^\d{8}T\d{6}Z-[0-9a-f]{6}$/

/** Is this the id of a run, and not the name of a knob? */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text)
}

/** Why a run or a tune did what it did, in sentences, from the report that it left; or the report itself. */
export async function explainRun(id: string, options: ConfigOptions & { readonly json?: boolean }): Promise<string> {
  const { paths } = await loadConfig(process.cwd(), options.config ?? null, null)
  const [runFile, tuneFile] = [join(paths.results, 'run.json'), join(paths.results, 'tune', id, 'tune.json')]
  const run = existsSync(runFile) ? read(runFile, RunReport) : null
  if (run?.run === id) return options.json ? `${JSON.stringify(run)}\n` : runInSentences(run, run.outcome === 'applied' ? sinceThen(id, options) : null)
  if (!existsSync(tuneFile)) {
    const last = run ? `; ${runFile} is of run ${run.run}` : ''
    throw new SemantosError('SEMANTOS_E_RUN_UNKNOWN', { message: `there is no report of ${id} in ${paths.results}${last}`, next: 'Name the config it ran with: --config FILE. Of runs, report-json keeps the latest alone; semantos history shows what each has changed.' })
  }
  const tune = read(tuneFile, TuneReport)
  return options.json ? `${JSON.stringify(tune)}\n` : tuneInSentences(tune, tune.kept.length > 0 ? sinceThen(tune.journal ?? id, options) : null)
}

function read<T>(file: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : 'not JSON'
    throw new SemantosError('SEMANTOS_E_DATA_INVALID', { message: `${file}: ${problem}`, place: file, cause: error })
  }
}
