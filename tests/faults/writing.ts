import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HostOptions, openHost, Run, type RunOptions } from '@semantos/host'
import { Catalogue, type Knob } from '@semantos/core'

export function stateDir(within = tmpdir()): string {
  return join(realpathSync(mkdtempSync(join(within, 'semantos-state-'))), 'journal')
}

/** A run of a test's own: no guard unless it asks for one. */
export function openRun(root: string, dir: string, part: Partial<RunOptions> = {}): Promise<Run> {
  return Run.open({ root, stateDir: dir, run: 'test', command: ['semantos', 'run', '--apply'], version: '0.0.0', guard: false, ...part })
}

/** A host that may write these knobs. */
export function writableHost(run: Run, knobs: readonly Knob[], part: Partial<HostOptions> = {}): ReturnType<typeof openHost> {
  const catalogue = Catalogue.of(knobs)
  return openHost({ root: run.root, writable: { run, catalogue: () => catalogue }, ...part })
}
