import { defineConfig } from '@semantos/core'
import { reproduction } from '@semantos/preset-reproduction'

export default defineConfig({
  extends: reproduction(),

  // A slot named here replaces the preset's. For example, the telemetry of this machine instead of a synthetic one:
  //   import procfs from '@semantos/telemetry-procfs'
  //   telemetry: procfs({ window_ms: 1000 }),
})
