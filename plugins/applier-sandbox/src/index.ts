import { resolve } from 'node:path'
import { definePlugin, type Knob, knobText, type Reading, z } from '@semantos/core'
import { checkWritable } from '@semantos/host'
import { apply } from './apply.js'
import { Defaults, whyAbsent } from './defaults.js'
import { SandboxFile } from './sandbox-file.js'
import { State } from './state.js'
import { undo } from './undo.js'

/** Applies to a file in the format of sysctl.conf, never to a kernel. Values are read back from that file. */
export default definePlugin({
  name: '@semantos/applier-sandbox',
  stage: 'applier',
  api: 1,
  from: import.meta.url,
  live: false,
  options: z.strictObject({ file: z.string().min(1).optional() }),
  setup(kernel, options) {
    const path = options.file === undefined ? kernel.paths.sandbox : resolve(kernel.paths.base, options.file)
    const file = kernel.perRun(() => new SandboxFile(path))
    const defaults = new Defaults()

    kernel.hooks.start.tapPromise('check', ({ planning }) => {
      if (!planning) checkWritable(path)
    })
    kernel.hooks.read.tapPromise('file', (readings, context) => {
      defaults.learn(readings.knobs)
      const state = new State(defaults, file(context).text())
      for (const knob of readings.knobs) readings.add(readingOf(knob, state))
    })
    kernel.hooks.apply.tapPromise('file', (batch, context) => apply(file(context), batch, defaults, context.now()))
    kernel.hooks.undo.tapPromise('file', (taken, context) => undo(file(context), taken, defaults, context.now()))
  },
})

function readingOf(knob: Knob, state: State): Reading {
  const reason = whyAbsent(knob)
  if (reason !== null) return { status: 'unavailable', knob: knob.name, reason, successor: null }
  const value = state.of(knob.name)
  return { status: 'present', knob: knob.name, text: knobText(knob.type, value), value, writable: true, live: false }
}
