import type { Command } from 'commander'
import { checkPatterns, readKnobs } from '@semantos/engine'
import { changedAlong, type Edge, formatValue, type Knob, type KnobType, type Range, type Reading, SemantosError } from '@semantos/core'
import { EvidenceDraft, NotesDraft } from '@semantos/core/kernel'
import { type ConfigOptions, withConfigOptions } from '../options.js'
import { print } from '../print.js'
import { withSession } from '../session.js'
import { colours, table } from '../terminal.js'
import { explainRun, isRunId } from './explain-run.js'

interface Explanation {
  readonly knob: Knob
  readonly readings: readonly Reading[]
  readonly edges: readonly Edge[]
  readonly notes: readonly { readonly topic: string; readonly text: string; readonly source: string }[]
}

export function defineExplain(program: Command): void {
  withConfigOptions(program.command('explain [knob|run]'))
    .summary('what a knob means, or why a run did what it did')
    .description('what a knob means, its value and what is known about it; or why a run did what it did; without a name, every knob; of a pattern such as vm.*, those that fit')
    .option('--json', 'print one JSON document')
    .action(async (name: string | undefined, options: ConfigOptions & { readonly json?: boolean }) => {
      if (name === undefined || name.includes('*')) return listKnobs(name ?? '*', options)
      if (isRunId(name)) return void print(await explainRun(name, options))
      const explanation = await withSession(options, async ({ engine: { kernel }, run }): Promise<Explanation> => {
        const knob = kernel.catalogue.get(name)
        if (!knob) throw unknownKnob(name, kernel.catalogue.similar(name))
        const cycle = run.cycle()
        const { readings } = await readKnobs(kernel, cycle, [knob])
        const snapshot = { time: cycle.now().toISOString(), host: null, metrics: [], missing: [] }
        const evidence = (await kernel.hooks.retrieve.run(new EvidenceDraft(), { ...cycle, snapshot })).finish()
        const notes = (await kernel.hooks.explain.run(new NotesDraft(knob), cycle)).finish()
        return { knob, readings: [...readings.values()], edges: evidence.edges.filter(({ from, to }) => from === knob.name || to === knob.name), notes }
      })
      print(options.json ? `${JSON.stringify(explanation)}\n` : render(explanation))
    })
}

/** The knobs that fit the pattern, one line each, its name first: shell completion reads it too. */
async function listKnobs(pattern: string, options: ConfigOptions & { readonly json?: boolean }): Promise<void> {
  const knobs = await withSession(options, ({ engine: { kernel } }) => {
    checkPatterns(kernel.catalogue, [pattern], 'SEMANTOS_E_KNOB_UNKNOWN', 'explain')
    return Promise.resolve(kernel.catalogue.matching([pattern]))
  })
  print(options.json ? `${JSON.stringify(knobs)}\n` : `${table(knobs.map(({ name, meaning }) => [name, meaning]))}\n`)
}

function unknownKnob(name: string, similar: readonly string[]): SemantosError {
  return new SemantosError('SEMANTOS_E_KNOB_UNKNOWN', {
    message: `${name} is not in the catalogue`,
    next: similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : 'semantos explain lists every knob; names may hold *, such as vm.*.',
  })
}

function render({ knob, readings, edges, notes }: Explanation): string {
  const { bold, dim } = colours(process.stdout)
  const rows = [
    ['lives at', `${knob.where.interface} ${knob.where.path}${knob.where.per === 'host' ? '' : `, one a ${knob.where.per}`}`],
    ['type', typeInWords(knob.type)],
    ['default', knob.default === null ? 'depends on the host or the kernel' : formatValue(knob.default)],
    ['kernels', `${knob.versions.since ?? 'all'} to ${knob.versions.until ?? 'now'}${knob.versions.successor === null ? '' : `, then ${knob.versions.successor}`}`],
    ['takes effect', knob.takes_effect],
    ['risk', knob.risk],
    ...(knob.automatic ? [] : [['tuning', 'never tried by itself']]),
    ...(changedAlong(knob).length > 0 ? [['also changes', changedAlong(knob).join(', ')]] : []),
    ['documentation', knob.documentation],
    ...(knob.evidence.length > 0 ? [['look at', knob.evidence.join(', ')]] : []),
    ...readings.map((reading) => ['here', `${reading.knob}: ${hereInWords(reading)}`]),
    ...edges.map((edge) => ['edge', `${edge.from} ${edge.kind} ${edge.to} (weight ${edge.weight}, ${edge.source})`]),
    ...notes.map(({ topic, text, source }) => [topic, `${text} ${dim(`(${source})`)}`]),
  ]
  return `${bold(knob.name)}: ${knob.meaning}\n\n${table(rows, '  ')}\n`
}

function hereInWords(reading: Reading): string {
  if (reading.status === 'present') return `${formatValue(reading.value)}${reading.writable ? '' : ', read-only'}`
  return reading.status === 'unavailable' && reading.successor !== null ? `${reading.reason}; see ${reading.successor}` : reading.reason
}

function typeInWords(type: KnobType): string {
  const bounds = (range: Range) => `${range.min}..${range.max}`
  switch (type.kind) {
    case 'integer': {
      const specials = type.special.map(({ value, meaning }) => `; ${value}: ${meaning}`).join('')
      return `integer, ${type.unit}, ${bounds(type.range)}, safe ${bounds(type.safe)}${specials}`
    }
    case 'boolean':
      return `boolean, ${type.off} or ${type.on}`
    case 'enum':
      return `one of ${type.values.map(({ value }) => value).join(', ')}${type.open ? ', or what the kernel offers' : ''}`
    case 'vector':
      return `${type.fields.map(({ name, range }) => `${name} ${bounds(range)}`).join(', ')} (${type.unit})`
  }
}
