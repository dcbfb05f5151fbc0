import { defineConfig } from '@semantos/core'
import { reproduction } from '@semantos/preset-reproduction'
import synthetic from '@semantos/telemetry-synthetic'
import entropy from '@acme/semantos-telemetry-entropy'

export default defineConfig({
  extends: reproduction(),
  telemetry: [synthetic(), entropy()],
})
