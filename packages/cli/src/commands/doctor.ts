import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type Examination, examine } from '@semantos/engine'
import { status } from '@semantos/host'
import { formatValue, isSemantosError } from '@semantos/core'
import { type ConfigOptions, withConfigOptions } from '../options.js'
import { print } from '../print.js'
import { withSession } from '../session.js'
import { colours, folded, table } from '../terminal.js'

/** Names shown of a long list; --json has all. */
const SHOWN = 8

export function defineDoctor(program: Command, exit: (status: number) => void): void {
  withConfigOptions(program.command('doctor'))
    .summary('one screen about this host')
    .description('one screen about this host: what can be tuned, who else tunes it, what stands in the way')
    .option('--json', 'print one JSON document, lists whole')
    .action(async (options: ConfigOptions & { readonly json?: boolean }) => {
      const found = await withSession(options, ({ engine: { kernel } }) => Promise.resolve(examine(kernel.host, kernel.catalogue, openRuns(options))))
      print(options.json ? `${JSON.stringify(found)}\n` : render(found))
      exit(found.problems.length === 0 ? 0 : 1)
    })
}

/** What the journals say of runs that somebody should see to. */
function openRuns({ root, stateDir }: ConfigOptions): Pick<Examination, 'pending' | 'unconfirmed'> {
  try {
    const { runs, pending, problems } = status({ root: resolve(root), stateDir: resolve(stateDir) })
    return {
      pending: [...pending.map((run) => ({ run, what: 'waits for semantos rollback' })), ...problems.map((problem) => ({ run: 'unknown', what: problem }))],
      unconfirmed: runs.flatMap(({ run, phase, deadline }) => (phase === 'unconfirmed' && deadline !== null ? [{ run, until: deadline }] : [])),
    }
  } catch (error) {
    if (!isSemantosError(error) || error.code !== 'SEMANTOS_E_JOURNAL_UNREADABLE') throw error
    return { pending: [{ run: 'unknown', what: `${error.message} (sudo semantos doctor)` }], unconfirmed: [] }
  }
}

function render({ system, knobs, owners, pending, unconfirmed, problems }: Examination): string {
  const { bold, green, red, dim } = colours(process.stdout)
  const rows = [
    ['kernel', `${system.kernel}, ${system.virtualization}, lockdown ${system.lockdown}`],
    ['privileges', system.root ? `root${system.missing_capabilities.length > 0 ? `, without ${system.missing_capabilities.join(', ')}` : ''}` : 'not root'],
    ...system.facilities.map(({ name, available, detail }) => [name, `${available ? green('yes') : red('no')}  ${dim(detail)}`]),
    ['catalogue', `${knobs.catalogue} knobs; ${knobs.writable} settings here can be written; ${knobs.namespaced} knobs know network namespaces`],
    ['read-only', some(knobs.read_only)],
    ['gone', some(knobs.gone.filter(({ successor }) => successor !== null).map(({ knob, successor }) => `${knob} (now ${successor ?? ''})`))],
    ['not here', `${knobs.gone.filter(({ successor }) => successor === null).length} knobs (--json says why)`],
    ['not permitted', some(knobs.barred.map(({ knob, reason }) => `${knob} (${reason})`))],
    ['changed', some(knobs.changed.map((changed) => `${changed.knob} ${formatValue(changed.value)} (default ${formatValue(changed.default)})`))],
    ...owners.map(({ name, where, knobs: owned }) => [name, `${where}${owned.length > 0 ? `: ${some(owned)}` : ''}`]),
    ['pending', pendingInWords({ pending, unconfirmed })],
  ]
  const verdict = problems.length === 0 ? green('fit: nothing stands in the way') : `${red('problems')}\n${problems.map((problem) => `  ${problem}`).join('\n')}`
  const hang = Math.max(...rows.map(([name = '']) => name.length)) + 2
  // A pipe has no width.
  const width = process.stdout.isTTY ? process.stdout.columns - hang : Infinity
  return `${table(rows.map(([name = '', value = '']) => [bold(name), folded(value, width, hang)]))}\n\n${verdict}\n`
}

/** What waits for a rollback or a confirmation. */
function pendingInWords({ pending, unconfirmed }: Pick<Examination, 'pending' | 'unconfirmed'>): string {
  const lines = [...pending.map(({ run, what }) => `${run}: ${what}`), ...unconfirmed.map(({ run, until }) => `${run}: waits until ${until} for semantos confirm`)]
  return lines.length === 0 ? 'no run waits for a rollback or for semantos confirm' : lines.join('; ')
}

function some(list: readonly string[]): string {
  if (list.length === 0) return 'none'
  return list.length <= SHOWN ? list.join(', ') : `${list.slice(0, SHOWN).join(', ')} and ${list.length - SHOWN} more`
}
