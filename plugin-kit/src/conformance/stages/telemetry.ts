import type { Check } from '../check.js'
import { type Case, hostile } from './case.js'
import { GARBLES, garbled } from './garbled.js'

const CASES: readonly Case[] = [
  { name: 'a root without a single file', change: () => ({ root: {}, files: {} }) },
  ...GARBLES.map(({ name, garble }): Case => ({ name: `files of the host that ${name}`, change: ({ root, files }) => ({ root: garbled(root, garble), files: garbled(files, garble) }) })),
]

export const telemetry: readonly Check[] = hostile(CASES)
