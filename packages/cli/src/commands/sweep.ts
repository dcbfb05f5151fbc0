import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { SemantosError } from '@semantos/core'
import { addEdges, askedPatterns, publishedBy, sweep } from '@semantos/engine'
import { type ConfigOptions, duration, positive, rare, whole, withConfigOptions } from '../options.js'
import { print } from '../print.js'
import { renderSweep } from '../render-sweep.js'
import { withSession } from '../session.js'
import { Progress } from '../terminal.js'

interface SweepOptions extends ConfigOptions {
  readonly workload?: string
  readonly knobs?: string
  readonly trials: number
  readonly minInteraction: number
  readonly settle: number
  readonly seed?: number
  readonly out?: string
  readonly apply?: boolean
  readonly json?: boolean
}

export function defineSweep(program: Command): void {
  withConfigOptions(program.command('sweep', { hidden: true }))
    .summary('measure which knobs act on each other')
    .description('measure which knobs act on each other: each alone, and each pair')
    .option('--workload <file|package>', "the workload (default: the config's)")
    .option('--knobs <globs>', 'only these knobs, such as vm.*,net.core.*')
    .option('--trials <n>', 'trials of each setting and pair', whole(2, 100_000), 12)
    .addOption(rare('--min-interaction <percent>', 'smaller interactions, of the p95, are not kept').argParser(positive).default(1))
    .addOption(rare('--settle <time>', 'wait between a change and its trial, such as 2s').argParser(duration).default(500))
    .option('--seed <n>', 'seed of the order of trials and the bootstrap', whole(0, Number.MAX_SAFE_INTEGER))
    .option('--out <file>', 'the file of edges (default: in the knowledge folder)')
    .option('--apply', 'change the running kernel; each is taken back')
    .option('--json', 'print the report as one JSON document')
    .action(async (options: SweepOptions) => {
      const progress = new Progress()
      const { report, file } = await withSession(options, async ({ engine: { kernel, config }, run }) => {
        const workload = kernel.plugins.find(({ stage }) => stage === 'workload')
        if (!workload) throw new SemantosError('SEMANTOS_E_USAGE', { message: 'there is no workload to measure', next: 'Name one with --workload, or put one into the config.' })
        const measured = await sweep(kernel, {
          run: run.id,
          seed: run.seed,
          slo: config.slo,
          knobs: askedPatterns(kernel.catalogue, options.knobs) ?? config.knobs,
          rounds: options.trials,
          settleMs: config.fixedTime === null && options.apply ? options.settle : 0,
          apply: options.apply ?? false,
          minInteractionPct: options.minInteraction,
          alpha: 0.05,
          truth: await publishedBy(workload),
          onTrial: (done, what) => progress.show(`trial ${done}: ${what}`),
        }, run.kernelRun)
        const path = options.out === undefined ? join(options.kb === undefined ? config.paths.knowledge : resolve(options.kb), 'edges.json') : resolve(options.out)
        await addEdges(path, measured)
        return { report: measured, file: path }
      }).finally(() => progress.clear())
      print(options.json ? `${JSON.stringify(report)}\n` : renderSweep(report, file))
    })
}
