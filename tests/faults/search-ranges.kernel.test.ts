import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from '@semantos/core'
import { mayTouchKernel } from './kernel.js'
import { stateDir } from './writing.js'

const Said = z.strictObject({ tried: z.int(), wrong: z.array(z.strictObject({ knob: z.string(), what: z.string() })), different: z.array(z.string()) })

/** What a device, or another knob, bounds more tightly than the kernel does. */
const BOUNDED: Readonly<Record<string, string>> = {
  'block.max_sectors_kb': 'max_hw_sectors_kb of the device',
  'block.nr_requests': 'without an I/O scheduler, what the device was set up with',
  'kernel.sched_energy_aware': 'refused where no energy model is registered',
  'kernel.sched_util_clamp_max': 'not below kernel.sched_util_clamp_min',
  'netdev.threaded': 'needs a driver that polls',
}

describe.skipIf(!mayTouchKernel)('the real kernel (needs root)', () => {
  test.each([
    ['in a network namespace of its own', true, 'unshare --net', 30],
    ['on the host', false, '', 50],
  ])('stores both ends and the middle of every search ladder: %s', async (_, namespaced, prefix, atLeast) => {
    const child = fileURLToPath(new URL('search-ranges-child.mjs', import.meta.url))
    const task = JSON.stringify({ stateDir: stateDir(), namespaced })
    const { stdout } = await promisify(execFile)('sh', ['-c', `exec ${prefix} "$@"`, 'sh', process.execPath, child, task])
    const json: unknown = JSON.parse(stdout)
    const { tried, wrong, different } = Said.parse(json)
    process.stdout.write(`\nreal kernel, search ladders: ${tried} settings tried\n`)
    expect(wrong.filter(({ knob }) => !(knob in BOUNDED)).map(({ what }) => what)).toEqual([])
    expect(different).toEqual([])
    expect(tried).toBeGreaterThan(atLeast)
  }, 600_000)
})
