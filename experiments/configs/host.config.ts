import { defineConfig } from '@semantos/core'
import { host } from '@semantos/preset-host'

/** This machine: its own telemetry, the whole catalogue, rules that read evidence. Writes need root and --apply. */
export default defineConfig({
  extends: host(),
  slo: { p95_ms: 120 },
})
