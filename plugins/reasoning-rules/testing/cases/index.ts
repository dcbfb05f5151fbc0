import type { KnobRef, KnobValue } from '@semantos/core'
import type { Scenario } from '../situation.js'
import { CPU_AND_LIMITS } from './cpu-and-limits.js'
import { DISK } from './disk.js'
import { MEMORY } from './memory.js'
import { NETWORK } from './network.js'

export interface Case {
  readonly name: string
  readonly seen: Scenario
  /** All that is recommended, surest first. */
  readonly tries: Readonly<Record<KnobRef, KnobValue>>
}

/** A situation for every rule of the evidence, and what is to be tried in it. */
export const CASES: readonly Case[] = [...NETWORK, ...DISK, ...MEMORY, ...CPU_AND_LIMITS]
