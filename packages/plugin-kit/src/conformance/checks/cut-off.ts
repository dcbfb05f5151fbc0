import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { SemantosError } from '@semantos/core'
import { LOOK_MS } from '../by-plugin.js'
import type { Check } from '../check.js'
import { TIME_LIMIT_MS, inRig } from '../rig.js'

/** How long a tap is left alone before it is cut off. */
const UNDISTURBED_MS = 20
/** How soon after its signal a tap must have ended. */
const PROMPTLY_MS = 2000

const ADVICE = `had not ended ${PROMPTLY_MS} ms after its signal; hand the context's signal to whatever waits`

export const cutOff: readonly Check[] = [
  {
    name: 'cancellation: a run that stops ends what is under way',
    run: ({ plugin, world }) =>
      inRig(plugin(), world, {}, async ({ kit, asks, taps }) => {
        for (const { run } of asks) {
          const answered = run().catch(() => undefined)
          await Promise.race([answered, sleep(UNDISTURBED_MS)])
          kit.run.abort(new SemantosError('SEMANTOS_E_ABORTED', { message: 'the run was stopped' }))
          await answered
          assert.deepEqual(await taps.late(PROMPTLY_MS / LOOK_MS), [], ADVICE)
          kit.run.clearAbort()
        }
      }),
  },
  {
    name: 'time limits: a tap whose time is up ends',
    run: ({ plugin, world }) => {
      const patient = TIME_LIMIT_MS
      const timeLimitMs = { default: UNDISTURBED_MS, setup: patient, configure: patient, undo: patient, fault: patient, dispose: patient }
      return inRig(plugin(), world, { timeLimitMs }, async ({ asks, taps }) => {
        for (const { run } of asks) {
          await run().catch(() => undefined)
          assert.deepEqual(await taps.late(PROMPTLY_MS / LOOK_MS), [], ADVICE)
        }
      })
    },
  },
]
