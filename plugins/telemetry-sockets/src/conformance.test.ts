import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conformance } from '@semantos/plugin-kit'
import { test } from 'vitest'
import plugin from './index.js'

const program = join(mkdtempSync(join(tmpdir(), 'ss-')), 'ss')
writeFileSync(program, '#!/bin/sh\necho "0 0 127.0.0.1:80 127.0.0.1:4000 busy:10ms segs_out:5"\n')
chmodSync(program, 0o755)

conformance(test, plugin, { options: { program, window_ms: 50 }, badOptions: [{ window_ms: 1 }, { ports: [0] }] })
