import { readFileSync, readdirSync } from 'node:fs'
import { type KnobInput, Subsystem, z } from '@semantos/core'

/** Beside `src` as well as beside `dist`. */
const FOLDER = new URL('../data/', import.meta.url)

/** What is not a subsystem's file: parameters that tuning guides name and the catalogue does not. */
const LEFT_OUT = 'left-out.json'

/** One file of the catalogue. The kernel checks each knob when it is first used. */
const DataFile = z.strictObject({
  catalogue_version: z.literal(1),
  subsystem: Subsystem,
  knobs: z.array(z.custom<KnobInput>((knob) => typeof knob === 'object' && knob !== null)).readonly(),
})
export type DataFile = z.infer<typeof DataFile>

/** The names of the catalogue's files, sorted. */
export function dataFiles(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json') && name !== LEFT_OUT)
    .sort()
}

export function readDataFile(name: string): DataFile {
  return DataFile.parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')))
}
