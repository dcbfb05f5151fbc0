import { joinRef, type Knob, type KnobRef } from '@semantos/core'
import { INTERFACES } from './interfaces.js'

/** A knob on one device: its reference and its path below the interface's folder. */
export interface Located {
  readonly ref: KnobRef
  readonly path: string
}

interface Found {
  readonly devices: readonly string[]
  readonly path: string
}

const DEVICE = /^[A-Za-z0-9_.:@-]+$/

/**
 * A knob's files. Each `*` in the path becomes the names in that folder, joined by `:` into the device; names that a
 * reference cannot hold are left out. With `device`, only that one. The files themselves may still be missing.
 */
export function locate(list: (path: string) => readonly string[], knob: Knob, device: string | null = null): Located[] {
  const { folder } = INTERFACES[knob.where.interface]
  if (!knob.where.path.includes('*')) return device === null ? [{ ref: knob.name, path: knob.where.path }] : []
  let found: Found[] = [{ devices: [], path: '' }]
  for (const segment of knob.where.path.split('/')) {
    found = found.flatMap(({ devices, path }) => {
      if (segment !== '*') return [{ devices, path: below(path, segment) }]
      return list(below(folder, path))
        .filter((name) => DEVICE.test(name) && leadsTo(device, [...devices, name]))
        .map((name) => ({ devices: [...devices, name], path: below(path, name) }))
    })
  }
  return found
    .map(({ devices, path }) => ({ ref: joinRef(knob.name, devices.length > 0 ? devices.join(':') : null), path }))
    .filter(({ ref }) => device === null || ref === joinRef(knob.name, device))
}

function leadsTo(device: string | null, devices: readonly string[]): boolean {
  if (device === null) return true
  const start = devices.join(':')
  return device === start || device.startsWith(`${start}:`)
}

function below(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`
}
