import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openHost } from '@semantos/host'
import type { Rates } from './rates.js'
import { type CounterSample, type Folders, openSampler } from './sampler.js'

/** Recorded hosts, and some made by hand: see `fixtures/README.md`. */
export type Fixture = 'vm-6.18' | 'vm-6.18-later' | 'old-4.18' | 'container' | 'numa-2' | 'broken'

export function fixture(name: Fixture): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
}

/** A copy of a fixture in a temporary folder, with files written over it; null removes one. */
export function edited(name: Fixture, files: Readonly<Record<string, string | null>>): string {
  const root = mkdtempSync(join(tmpdir(), 'semantos-procfs-'))
  cpSync(fixture(name), root, { recursive: true, verbatimSymlinks: true })
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path)
    if (text === null) rmSync(file, { recursive: true })
    else {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text, 'latin1')
    }
  }
  return root
}

/** The same with the namespaces in which a process is: links that lead nowhere, which archives and copies tend to lose. */
export function inNamespaces(root: string, namespaces: Readonly<Record<string, string>>): string {
  const folder = join(root, 'proc', 'self', 'ns')
  mkdirSync(folder, { recursive: true })
  for (const [name, target] of Object.entries(namespaces)) symlinkSync(target, join(folder, name))
  return root
}

/** One sample of the host under `root`, as if taken at `atMs`. */
export async function sampleAt(root: string, atMs: number, folders?: Folders): Promise<CounterSample> {
  await using host = openHost({ root })
  return { ...openSampler(host, folders).sample(), atMs }
}

/** What happened between two trees, as if `elapsedMs` lay between them. */
export async function ratesBetween(before: string, after: string, elapsedMs = 1000): Promise<Rates> {
  await using host = openHost({ root: after })
  return openSampler(host).rates(await sampleAt(before, 0), await sampleAt(after, elapsedMs))
}

export function valueOf({ metrics }: Rates, name: string): number | undefined {
  return metrics.find((metric) => metric.name === name)?.value
}

export function reasonOf({ missing }: Rates, name: string): string | undefined {
  return missing.find((metric) => metric.name === name)?.reason
}
