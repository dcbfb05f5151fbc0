import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

/** Stands in for bpftrace, also where there is none: says that it is attached, and prints what bpftrace once printed when it is ended. */
const program = join(mkdtempSync(join(tmpdir(), 'bpftrace-')), 'bpftrace')
const printed = fileURLToPath(new URL('../fixtures/runqueue.jsonl', import.meta.url))
writeFileSync(program, `#!/bin/sh\ntrap 'tail -n +3 "${printed}"; exit 0' INT TERM\nhead -n 2 "${printed}"\nwhile :; do sleep 0.05; done\n`)
chmodSync(program, 0o755)

conformance(test, plugin, { options: { program, window_ms: 100, histograms: ['runqueue'] }, badOptions: [{ window_ms: 99 }, { histograms: [] }] })
